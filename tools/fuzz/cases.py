"""What is tried: seeds cut, spliced and damaged, and pieces of mail repeated until they fill a megabyte."""

from collections.abc import Sequence

from hypothesis import strategies as st

from tools.fuzz.tokens import TOKENS

LARGEST = 1024 * 1024

HEAD = b"From: a@b.example\nTo: c@d.example\nDate: Mon, 1 Jan 2024 10:00:00 +0900\nSubject: "
PLACES = (
    (b"", b"\n\nx\n"),
    (b"From: a@b.example\nTo: ", b"\n\nx\n"),
    (b"From: a@b.example\n", b"\n\nx\n"),
    (HEAD, b"\n\nx\n"),
    (HEAD + b"x\n\n", b""),
    (HEAD + b"Re: x\n\nHello\n", b"\nBye\n"),
    (HEAD + b"Fw: x\n\nHello\n---------- Forwarded message ---------\nFrom: A <a@b.example>\nDate: ", b"\n\nx\n"),
    (HEAD + b"Fw: x\n\n-----Original Message-----\nFrom: A <a@b.example>\nTo: b@c.example\nSubject: y\n\n", b""),
    (HEAD + b"x\nContent-Type: text/html; charset=utf-8\n\n", b""),
    (HEAD + b"x\nContent-Type: text/html; charset=utf-8\n\n<div>a", b"</div>"),
    (HEAD + b"x\nContent-Type: text/plain; charset=", b"\n\nx\n"),
    (HEAD + b"x\nContent-Type: text/plain; charset=iso-2022-jp\n\n", b""),
    (HEAD + b"x\nContent-Type: text/plain; format=flowed; delsp=yes\n\n", b""),
    (HEAD + b"x\nContent-Type: multipart/mixed; boundary=b\n\n", b""),
    (
        HEAD + b"x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Disposition: attachment; filename=",
        b"\n\nx\n--b--",
    ),
    (HEAD + b"x\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\n", b""),
    (HEAD + b"x\nContent-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\x01\x00", b""),
    (HEAD + b"x\nContent-Transfer-Encoding: base64\n\n", b""),
    (HEAD + b"x\nContent-Transfer-Encoding: quoted-printable\n\n", b""),
    (b"From: MAILER-DAEMON@b.example\nSubject: Returned mail\n\n", b""),
    (
        b"From: MAILER-DAEMON@b.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        b"--b\nContent-Type: message/delivery-status\n\n",
        b"\n--b--\n",
    ),
)
_LENGTHS = st.one_of(st.integers(1, 300), st.integers(1, 20_000), st.integers(1, LARGEST))


@st.composite
def repeated(draw: st.DrawFn) -> bytes:
    """One to four tokens over and over, somewhere in a mail, perhaps behind other tokens."""
    before, after = draw(st.sampled_from(PLACES))
    unit = b"".join(draw(st.lists(st.sampled_from(TOKENS), min_size=1, max_size=4)))
    filler = (unit * (draw(_LENGTHS) // len(unit) + 1))[: LARGEST - 1_000]
    ending = b"".join(draw(st.lists(st.sampled_from(TOKENS), max_size=3)))
    return (before + filler + ending + after)[:LARGEST]


@st.composite
def damaged(draw: st.DrawFn, seeds: Sequence[bytes]) -> bytes:
    """A seed with a few of its bytes cut out, doubled many times, or replaced by tokens and pieces of other seeds."""
    raw = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, max(len(raw) - 1, 0)))
        end = min(len(raw), start + draw(st.one_of(st.integers(0, 3), st.integers(0, 200))))
        kind = draw(st.integers(0, 4))
        if kind == 0:
            raw[start:end] = b""
        elif kind == 1:
            raw[start:end] = draw(st.sampled_from(TOKENS)) * draw(st.sampled_from((1, 1, 1, 50, 3_000)))
        elif kind == 2:
            raw[start:end] = raw[start:end] * draw(st.sampled_from((2, 2, 30, 1_000)))
        elif kind == 3:
            raw[start:end] = draw(st.binary(max_size=8))
        else:
            other = draw(st.sampled_from(seeds))
            at = draw(st.integers(0, max(len(other) - 1, 0)))
            raw[start:end] = other[at : at + 2_000]
        del raw[LARGEST:]
    return bytes(raw)


def cases(seeds: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Both, about equally often."""
    return st.one_of(repeated(), damaged(seeds))
