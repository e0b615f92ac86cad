"""A raw mail becomes a message, however it was built; what each kind of mail must give stands in tests/mails."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse import addresses, attachments, dates, flowed, mime, parse, transfer
from notes.errors import UnreadableMailError
from notes.model import Address
from tests.bounded import bounded

JST = timezone(timedelta(hours=9))
HEAD = (
    b"From: a@kaede.example\r\nSubject: s\r\nDate: Tue, 14 May 2024 09:30:00 +0900\r\nMessage-ID: <m@kaede.example>\r\n"
)


def mixed(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    body = b"".join(b"--q\r\n" + part + b"\r\n" for part in parts)
    return HEAD + b"Content-Type: multipart/" + kind + b"; boundary=q\r\n\r\n" + body + b"--q--\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"\x89PNG\r\n\x1a\n" * 20,
        b"A text without any header.\n",
        b'{"url": "http://x"}',
        b"x: y\n\nz",
    ],
)
def test_bytes_that_are_no_mail_are_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableMailError) as refused:
        parse(raw)
    assert refused.value.code == "not-a-mail"


@given(st.binary(max_size=400))
def test_any_bytes_after_a_header_are_read(rest: bytes) -> None:
    parse(b"From: a@kaede.example\r\n" + rest).text.encode()


def test_a_mail_on_which_mail_parser_fails_is_read_all_the_same() -> None:
    part = b"Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n"
    message = parse(HEAD + part + part + b"\r\n")
    assert (message.subject, message.defects[-1]) == ("s", "unjudged")


def test_an_mbox_line_and_blank_lines_before_the_headers_do_no_harm() -> None:
    assert parse(b"\r\n\r\nFrom a@kaede.example Tue May 14 09:30:00 2024\r\n" + HEAD + b"\r\nx\r\n").subject == "s"


def test_a_mail_without_message_id_gets_a_ref_from_its_content() -> None:
    raw = HEAD.replace(b"Message-ID: <m@kaede.example>\r\n", b"") + b"\r\nx\r\n"
    first, again, other = parse(raw), parse(raw), parse(raw + b"y\r\n")
    assert (first.message_id, first.ref) == (None, f"kawari-{first.digest[:16]}")
    assert first.ref == again.ref != other.ref


def test_the_digest_is_of_the_content_not_of_its_transport() -> None:
    plain = parse(HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n\xe6\x97\xa5  a\r\n")
    moved = b"Received: by mx.example; Tue, 14 May 2024 09:31:00 +0900\r\n" + HEAD.replace(
        b"09:30:00 +0900", b"00:30:00 +0000"
    )
    coded = parse(
        moved + b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n5pelIGEK\r\n"
    )
    assert plain.digest == coded.digest
    assert plain.digest != parse(HEAD + b"\r\nother\r\n").digest


def test_the_digest_does_not_depend_on_when_the_mail_arrived() -> None:
    raw = HEAD.replace(b"2024", b"2044") + b"\r\nx\r\n"
    first, second = (parse(raw, internaldate=datetime(2024, 5, day, tzinfo=UTC)) for day in (14, 15))
    assert first.date != second.date
    assert first.digest == second.digest


# --- dates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("Tue, 14 May 2024 09:30:00 +0900 (JST)", "2024-05-14T09:30:00+09:00"),
        ("14 May 24 09:30 JST", "2024-05-14T09:30:00+09:00"),
        ("Tue, 14 May 2024 09:30:00 -0000", "2024-05-14T09:30:00+00:00"),
        ("Wed, 14 May 2024 09:30:00 EDT", "2024-05-14T09:30:00-04:00"),
        ("Tue May 14 09:30:00 2024", "2024-05-14T09:30:00+00:00"),
        ("2024-05-14T09:30:00+09:00", "2024-05-14T09:30:00+09:00"),
        ("14 May 99 09:30 +0530", "1999-05-14T09:30:00+05:30"),
        ("Tue, 31 Feb 2024 09:30:00 +0900", None),
        ("Tue, 14 May 2024 09:30:00 +9900", None),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_date_keeps_the_writers_offset(value: str, wanted: str | None) -> None:
    found = dates.read(value)
    assert (found.isoformat() if found else None) == wanted


def test_a_date_before_1990_is_doubted_and_the_arrival_taken() -> None:
    arrived = datetime(2024, 5, 14, 0, 31, tzinfo=UTC)
    message = parse(HEAD.replace(b"2024", b"1970") + b"\r\nx\r\n", internaldate=arrived)
    assert (message.date, message.date_doubtful) == (arrived, True)
    assert message.date.utcoffset() == timedelta(hours=9)


def test_a_mail_imported_years_later_keeps_its_date() -> None:
    message = parse(HEAD + b"\r\nx\r\n", internaldate=datetime(2026, 1, 1, tzinfo=UTC))
    assert (message.date, message.date_doubtful) == (datetime(2024, 5, 14, 9, 30, tzinfo=JST), False)


def test_a_clock_that_lags_years_behind_the_first_server_is_doubted() -> None:
    received = b"Received: from pc by mx.kaede.example; Tue, 14 May 2024 09:31:00 +0900\r\n"
    message = parse(received + HEAD.replace(b"14 May 2024", b"01 Jan 2019") + b"\r\nx\r\n")
    assert (message.date, message.defects) == (datetime(2024, 5, 14, 9, 31, tzinfo=JST), ("date-implausible",))


# --- addresses and ids -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ('"Mori, Aya" <Aya@Kaede.example>', [("Mori, Aya", "aya@kaede.example")]),
        ("aya@kaede.example (Aya Mori)", [("Aya Mori", "aya@kaede.example")]),
        ("Team: a@kaede.example, b@kaede.example;", [("", "a@kaede.example"), ("", "b@kaede.example")]),
        ("'a@kaede.example' <a@kaede.example>", [("a@kaede.example", "a@kaede.example")]),
        ("a@kaede.example, a@kaede.example", [("", "a@kaede.example")]),
        ("undisclosed-recipients:;", []),
        ("", []),
        ("Mori [Kaede] <<a@kaede.example>>", [("", "a@kaede.example")]),
    ],
)
def test_addresses_are_read_in_every_form(value: str, wanted: list[tuple[str, str]]) -> None:
    assert addresses.read([value]) == tuple(Address(*one) for one in wanted)


def test_at_most_the_last_200_references_count() -> None:
    ids = addresses.ids([" ".join(f"<{n}@a.example>" for n in range(300))])
    assert (len(ids), ids[-1]) == (200, "299@a.example")


def test_a_message_id_without_brackets_is_one() -> None:
    assert addresses.message_id(" abc@kaede.example ") == "abc@kaede.example"
    assert addresses.message_id("<a b@kaede.example>") == "ab@kaede.example"
    assert addresses.message_id("") is None


# --- parts -----------------------------------------------------------------------------------------------------------


def test_attachments_come_with_their_decoded_bytes_in_the_order_of_the_message() -> None:
    file = b"Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\naGk="
    inner = b"Content-Type: message/rfc822\r\n\r\nFrom: b@kaede.example\r\nSubject: inside\r\n\r\nhello"
    raw = mixed(b"\r\ntext", inner, file)
    found = list(attachments(raw))
    assert [attached for attached, _content in found] == list(parse(raw).attachments)
    assert [(attached.name, content[:5]) for attached, content in found] == [("a.png", b"hi"), ("", b"From:")]


def test_two_inline_texts_are_one_text() -> None:
    assert parse(mixed(b"\r\none", b"Content-Type: image/png\r\n\r\nx", b"\r\ntwo")).text == "one\ntwo"


def test_a_named_text_is_an_attachment_unless_it_is_all_there_is() -> None:
    named = b"Content-Type: text/plain; name=log.txt\r\n\r\nlog"
    beside = parse(mixed(b"\r\ntext", named))
    assert (beside.text, [file.name for file in beside.attachments]) == ("text", ["log.txt"])
    assert parse(mixed(named)).text == "log"


def test_mails_inside_mails_are_listed_outermost_first() -> None:
    inner = b"From: c@kaede.example\r\nSubject: c\r\n\r\nc"
    middle = b"From: b@kaede.example\r\nSubject: b\r\nContent-Type: multipart/mixed; boundary=r\r\n\r\n--r\r\n\r\nb\r\n"
    middle += b"--r\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--r--"
    message = parse(mixed(b"\r\na", b"Content-Type: message/rfc822\r\n\r\n" + middle))
    assert [(one.subject, one.text) for one in message.forwarded] == [("b", "b"), ("c", "c")]


def test_a_boundary_that_begins_another_is_not_taken_for_it() -> None:
    inner = b"Content-Type: multipart/alternative; boundary=qq\r\n\r\n--qq\r\n\r\ninside\r\n--qq--"
    assert parse(mixed(b"\r\noutside", inner)).text == "outside\ninside"


def test_a_multipart_whose_boundary_is_not_the_declared_one_is_still_divided() -> None:
    raw = mixed(b"Content-Type: text/plain\r\n\r\nfound").replace(b"boundary=q", b"boundary=other")
    assert parse(raw).text == "found"


def test_a_multipart_without_any_part_is_read_as_text() -> None:
    assert parse(HEAD + b"Content-Type: multipart/mixed; boundary=q\r\n\r\njust text\r\n").text == "just text"


def test_a_folded_boundary_is_unfolded() -> None:
    raw = HEAD + b'Content-Type: multipart/mixed; boundary="a\r\n b"\r\n\r\n--a b\r\n\r\nfound\r\n--a b--\r\n'
    assert parse(raw).text == "found"


def test_quoted_printable_and_uuencode_and_lying_encodings_are_undone() -> None:
    assert transfer.decoded(b"a=3D=\r\nb", "Quoted-Printable;", text=True) == b"a=b"
    assert transfer.decoded(b'begin 644 a.txt\n"86D \n`\nend\n', "x-uuencode", text=False) == b"ai"
    assert transfer.decoded(b"as it is", "8bits", text=True) == b"as it is"
    assert transfer.decoded(b"YQ==\r\nYg==", "base64", text=True) == b"ab"


def test_large_base64_is_undone_piece_by_piece_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for data in (
        b"",
        b"A",
        b"YQ",
        b"YWJj",
        b"YWJjZGVmZ2hpamts",
        b"YW Jj\r\nZGV*mZw==\r\nYQ==\nYWJ",
        b"YWJjZA=",
        b"====",
    ):
        for keep_stump in (True, False):
            whole = transfer.base64_bytes(data, keep_stump=keep_stump)
            with monkeypatch.context() as patched:
                patched.setattr(transfer, "_PIECE", 3)
                assert transfer.base64_bytes(memoryview(data), keep_stump=keep_stump) == whole
    assert transfer.base64_bytes(b"YW Jj\r\nZGV*mZw==\r\nYQ==\nYWJ") == b"abcdefgaab"
    assert transfer.base64_bytes(b"YWJjYW", keep_stump=False) == b"abc"


def test_flowed_lines_of_another_depth_and_signatures_do_not_join() -> None:
    assert flowed.unflowed("a \nb\n> c \n> d \ne \n-- \nf", delete_space=False) == "a b\n> c d\ne\n-- \nf"


# --- limits ---------------------------------------------------------------------------------------------------------


def test_nesting_below_the_limit_is_marked() -> None:
    level = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n"
    raw = HEAD + b"".join(level % (depth, depth) for depth in range(mime.MAX_DEPTH + 5))
    assert "too-deep" in parse(raw).defects


def test_parts_over_the_limit_are_left_out_and_marked() -> None:
    message = parse(mixed(*[b"Content-Type: image/png; name=%d.png\r\n\r\nx" % n for n in range(mime.MAX_PARTS + 9)]))
    assert len(message.attachments) < mime.MAX_PARTS
    assert "too-many-parts" in message.defects


def test_a_mail_of_more_than_64_megabytes_is_marked_and_read_from_its_head() -> None:
    message = parse(HEAD + b"\r\n" + b"x" * (64 * 1024 * 1024))
    assert (message.subject, message.defects) == ("s", ("too-large",))


def test_a_text_of_too_many_lines_is_cut_and_marked() -> None:
    message = parse(HEAD + b"\r\n" + b"x\n" * 100_100)
    assert message.defects[0] == "text-cut"
    assert message.text.count("\n") < 100_000


def test_a_mail_over_the_size_limit_gives_headers_and_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.parse.message.MAX_BYTES", 2_000)
    monkeypatch.setattr("ingest.parse.message.MAX_HEAD", 1_000)
    file = b"Content-Type: image/png; name=a.png\r\n\r\n" + b"x" * 3_000
    message = parse(mixed(b"\r\ntext", file))
    assert (message.subject, message.text, message.defects[0]) == ("s", "text", "too-large")
    assert [(one.name, one.size, one.sha256) for one in message.attachments] == [("a.png", 0, "")]


HOSTILE = {
    "nested multiparts": HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 18_000,
    "nested mails": (HEAD + b"Content-Type: message/rfc822\r\n\r\n") * 6_000,
    "many parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 90_000,
    "one long line": HEAD + b"\r\n" + "配信".encode() * 160_000,
    "many headers": HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(70_000)) + b"\r\nx",
    "odd header lines": HEAD + b"odd line\r\nA: b\r\n" * 50_000 + b"\r\nx",
    "many encoded words": b"Subject: " + b"=?utf-8?b?44GC?= " * 50_000 + b"\r\n" + HEAD + b"\r\nx",
    "open brackets": b"To: " + b"((((((((((" * 90_000 + b"\r\n" + HEAD + b"\r\nx",
    "many addresses": b"To: (a) a@b.example, (b) b@b.example\r\n" * 20_000 + HEAD + b"\r\nx",
    "many shifts": HEAD + b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n" + b"\x1b$B\x1b(B" * 150_000,
    "paragraphs": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<p>" * 200_000,
}  # fmt: skip


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_mail_of_a_megabyte_is_read_in_bounded_time(raw: bytes) -> None:
    with bounded():
        parse(raw)
