"""HTML that can be handed to anybody: nothing runs in it, nothing is loaded, every source leads to its mail."""

import re
import shutil
import stat
import subprocess
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cli.web.letters import clean
from tests.cli.conftest import Kawari
from tests.conftest import missing

HOSTILE = """<html><head><title>t</title><style>body{background:url(http://spy.example/a)}</style></head>
<body onload="steal()"><p style="position:fixed">When can you <b>deliver</b>?</p>
<script>steal()</script><img src="http://spy.example/pixel.png"><a href="javascript:steal()">here</a>
<a href="https://asagao.example/order">our order</a><form action="http://spy.example"><input name="p"></form>
<iframe src="http://spy.example"></iframe><svg onload="steal()"><circle/></svg>
<table><tr><td colspan="2">12 pumps</td></tr></table></body></html>"""


class Links(HTMLParser):
    """The ids, the places that are linked to, and the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.hrefs: set[str] = set()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.attributes |= found.keys()
        self.ids |= {found["id"]} if "id" in found else set()
        self.hrefs |= {found["href"]} if "href" in found else set()


def _read(page: str) -> Links:
    links = Links()
    links.feed(page)
    return links


@pytest.fixture
def hostile(kawari: Kawari, tmp_path: Path) -> Kawari:
    """The small diary with a mail of HTML that would do harm."""
    mail = EmailMessage()
    mail["Message-ID"], mail["Date"] = "<h1@asagao.example>", "Thu, 05 Mar 2026 10:00:00 +0900"
    mail["From"], mail["To"] = "Hana Ito <ito@asagao.example>", "Aya Mori <mori@tsubame.example>"
    mail["Subject"] = 'Order <script>steal()</script> "2"'
    mail.set_content(HOSTILE, subtype="html")
    (tmp_path / "hostile.eml").write_bytes(mail.as_bytes())
    assert kawari("import", "hostile.eml", "--mailbox", "mori", "--folder", "INBOX").code == 0
    return kawari


def _pack(kawari: Kawari, *options: str) -> str:
    done = kawari("handover", "mori", "--at", "2026-03-06 09:00", "--html", "pack.html", *options)
    assert done.code == 0, done.err
    return Path("pack.html").read_text("utf-8")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_nothing_in_a_pack_runs_or_is_loaded(hostile: Kawari, language: str) -> None:
    page = _pack(hostile, "--lang", language)
    found = _read(page)
    assert not found.tags & {"script", "img", "iframe", "form", "input", "link", "object", "embed", "base"}
    assert not {name for name in found.attributes if name.startswith("on") or name in ("src", "style", "srcset")}
    assert "spy.example" not in page
    assert "url(" not in page
    assert "javascript:" not in page
    assert f'lang="{language}"' in page


def test_a_strangers_table_and_link_stay_readable(hostile: Kawari) -> None:
    page = _pack(hostile)
    assert '<td colspan="2">12 pumps</td>' in page
    assert 'href="https://asagao.example/order"' in page
    assert "Order &lt;script&gt;" in page


def test_every_source_leads_to_a_mail_of_the_same_file(kawari: Kawari) -> None:
    found = _read(_pack(kawari))
    inside = {href.removeprefix("#") for href in found.hrefs if href.startswith("#")}
    assert len(inside) > 3
    assert inside <= found.ids


def test_only_its_owner_may_read_a_pack(kawari: Kawari) -> None:
    Path("pack.html").touch(mode=0o644)
    _pack(kawari)
    assert stat.S_IMODE(Path("pack.html").stat().st_mode) == 0o600


def test_a_pack_that_cannot_be_written_is_said(kawari: Kawari) -> None:
    done = kawari("handover", "mori", "--html", "nowhere/pack.html")
    assert done.code == 2
    assert "nowhere/pack.html" in done.err


def test_a_pack_is_short_on_paper(kawari: Kawari, tmp_path: Path) -> None:
    """The page of the first case fits A4; Chromium prints it as people do."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        missing("Chromium", "chromium")
    key = kawari("cases", "--json").json["cases"][0]["key"]
    assert kawari("export", key, "--at", "2026-03-06 09:00", "-o", "case.html").code == 0
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    command = [*flags, f"--user-data-dir={tmp_path / 'chromium'}", "--no-pdf-header-footer", "--print-to-pdf=case.pdf"]
    subprocess.run([chromium, *command, f"file://{Path('case.html').resolve()}"], check=True, capture_output=True)
    pages = re.findall(rb"/Type\s*/Page\b", Path("case.pdf").read_bytes())
    assert 1 <= len(pages) <= 2, "the page of the case, then its mails"


def test_harmless_html_is_what_nh3_leaves_of_it() -> None:
    assert clean("<p>a<script>b</script><u>c</u></p>") == "<p>a<u>c</u></p>"
    assert clean("  ") == ""
    assert clean("<div>" * 50_000 + "deep").count("deep") == 1


def test_a_strangers_html_moves_no_cursor_and_turns_no_text_round() -> None:
    """The page may be shown on a terminal, too."""
    assert clean("<p>12\x1b[2J \x9b31m \u202epumps</p>\r\n<b>x</b>") == "<p>12�[2J �31m �pumps</p>\n<b>x</b>"
