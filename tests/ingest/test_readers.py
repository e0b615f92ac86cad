"""Our reader and mail-parser agree wherever both can read: what that means stands in `tools.accuracy.readers`."""

from pathlib import Path

import pytest

from tools.accuracy.readers import fields

MAILS = sorted((Path(__file__).parent.parent / "mails").glob("*.eml"))


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_both_readers_agree_on_what_both_can_read(path: Path) -> None:
    for field, ours, theirs in fields(path.read_bytes()):
        assert (field, ours) == (field, theirs)


def test_most_fields_of_the_golden_mails_are_read_by_both() -> None:
    assert sum(len(fields(path.read_bytes())) for path in MAILS) > 2 * len(MAILS)
