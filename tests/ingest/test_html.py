"""HTML becomes the lines that a reader sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse.html import text_of
from tests.bounded import bounded


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<div>a</div>\n <div>b <br> c</div>\n", "a\nb\nc"),
        ("<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>b</p>", "a\n\nb"),
        ('<p style="margin:0">a</p><p style="margin:0">b</p>', "a\nb"),
        ("  a \n  b  ", "a b"),
        ("お世話に\n  なります", "お世話になります"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<ul><li>a</li><li>b</li></ul><ol><li>c</li><li>d</li></ol>", "- a\n- b\n\n1. c\n2. d"),
        ("<table><tr><td>品番</td><td>数量</td></tr><tr><td>K-1</td><td>5</td></tr></table>", "品番  数量\nK-1  5"),
        (
            "<table><tr><td><p>品番</p></td><td><div>数量</div></td></tr><tr><td><p>K-1</td><td>5</td></tr></table>",
            "品番  数量\nK-1  5",
        ),
        ("<table><tr><td><div>a</div><div>b</div></td><td><div>c</div></td></tr></table>", "a\nb\nc"),
        ('see <a href="https://a.example/x">the page</a>.', "see the page."),
        ("a<hr>b", "a\n________________________________\nb"),
        ("a&amp;b &lt;c&gt;&nbsp;d", "a&b <c> d"),
        ("<div>-- <br>Mori</div>", "-- \nMori"),
    ],
)
def test_blocks_are_lines(html: str, text: str) -> None:
    assert text_of(html) == text


@pytest.mark.parametrize(
    "hidden",
    [
        "<style>p{}</style>",
        "<script>x()</script>",
        "<title>x</title>",
        "<!-- x -->",
        '<div style="display: none">x</div>',
        '<span style="font-size:0px">x</span>',
        '<div style="max-height:0; overflow:hidden">x</div>',
        "<p hidden>x</p>",
        '<span style="mso-hide:all">x</span>',
    ],
)
def test_what_a_reader_cannot_see_is_left_out(hidden: str) -> None:
    assert text_of(f"<p>before</p>{hidden}<p>after</p>").replace("\n\n", "\n") == "before\nafter"


def test_small_letters_are_not_hidden() -> None:
    assert text_of('<span style="font-size:0.8em">small print</span>') == "small print"


def test_a_quote_becomes_marked_lines_and_a_quote_in_it_twice() -> None:
    html = "a<blockquote type=cite>b<br><br>c<blockquote>d</blockquote></blockquote>e"
    assert text_of(html) == "a\n> b\n>\n> c\n> > d\ne"


def test_an_indented_paragraph_is_no_quote() -> None:
    assert text_of('<blockquote style="margin:0 0 0 40px;border:none">a</blockquote>') == "a"


def test_outlooks_header_block_stays_as_lines_under_its_rule() -> None:
    html = (
        '<p class=MsoNormal>new</p><div style="border:none;border-top:solid #E1E1E1 1.0pt">'
        "<p class=MsoNormal><b>From:</b> A<br><b>Sent:</b> Monday</p></div>"
    )
    assert text_of(html) == "new\n________________________________\nFrom: A\nSent: Monday"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200_000 + "deep",
        "<div>" * 90_000 + "deep" + "</div>" * 90_000,
        "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">deep",
        "<blockquote>" * 20_000 + "deep",
    ],
    ids=["divs", "closed divs", "attributes", "quotes"],
)
def test_a_wild_tree_is_still_read_in_bounded_time(html: str) -> None:
    with bounded():
        assert text_of(html).endswith("deep")


@given(st.text(alphabet="<>/ab='\" &;!-pdivtr\n", max_size=200))
def test_any_html_gives_text(html: str) -> None:
    assert isinstance(text_of(html), str)


@pytest.mark.parametrize("mark", ['id="Signature"', 'class="gmail_signature" dir="ltr"', 'class="yahoo-signature"'])
def test_what_a_mail_client_marks_as_signature_begins_with_dashes(mark: str) -> None:
    assert text_of(f"<div>Hello</div><div {mark}><div>Uta Kern</div></div>") == "Hello\n-- \nUta Kern"
    assert text_of(f"<div>Hello</div><div {mark}><br></div><div>Bye</div>") == "Hello\n\nBye"
    assert text_of(f"<div>Hello</div><div {mark}>-- <br>Uta Kern</div>") == "Hello\n-- \nUta Kern"


def test_paragraphs_of_the_new_outlook_stand_as_close_as_lines() -> None:
    style = '<style type="text/css" style="display:none;"> P {margin-top:0;margin-bottom:0;} </style>'
    assert text_of(f"<head>{style}</head><p>Uta Kern</p><p>Tel. 1</p>") == "Uta Kern\nTel. 1"
