"""What of a stranger's characters reaches a screen."""

from cli.harmless import harmless


def test_a_flood_of_marks_on_a_letter_is_cut_and_written_languages_are_not() -> None:
    assert harmless("a" + "\u0301" * 5000 + "b") == "a" + "\u0301" * 4 + "b"
    assert harmless("e\u0323\u0302 か\u3099") == "e\u0323\u0302 か\u3099"
