"""A small diary made of mails written here, for the tests of the commands."""

from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

TOKYO = timezone(timedelta(hours=9))

SETTINGS = """
language = "en"
timezone = "Asia/Tokyo"
business_hours = "09:00-18:00"
database = "sqlite:///diary.db"

[organisation]
name = "Tsubame"
domains = ["tsubame.example"]

[[staff]]
id = "mori"
name = "Aya Mori"
addresses = ["mori@tsubame.example"]

[[staff]]
id = "kudo"
name = "Jun Kudo"
addresses = ["kudo@tsubame.example"]

[[mailbox]]
id = "mori"
owner = "mori"
host = "imap.tsubame.example"
user = "mori"
password_env = "NOT_SET_ANYWHERE"
"""


def mail(
    ref: str,
    sender: str,
    to: str,
    at: datetime,
    subject: str,
    text: str,
    *,
    answers: str = "",
    attachment: tuple[str, bytes] | None = None,
) -> bytes:
    """One mail as bytes; `attachment` is a name and its content."""
    one = EmailMessage()
    one["Message-ID"] = f"<{ref}>"
    one["From"], one["To"], one["Subject"] = sender, to, subject
    one["Date"] = format_datetime(at)
    if answers:
        one["In-Reply-To"] = f"<{answers}>"
        one["References"] = f"<{answers}>"
    one.set_content(text)
    if attachment:
        name, content = attachment
        one.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return one.as_bytes()


def write(folder: Path) -> Path:
    """Settings and two folders of mail in `folder`; returns the settings file."""
    hana, mori = "Hana Ito <ito@asagao.example>", "Aya Mori <mori@tsubame.example>"

    def at(day: int, hour: int) -> datetime:
        return datetime(2026, 3, day, hour, tzinfo=TOKYO)

    asked = mail(
        "a1@asagao.example", hana, mori, at(2, 10), "Pump P-7 leaks", "Hello,\n\nwhen can you repair the pump?\n"
    )
    promise = "Dear Ms Ito,\n\nI will send you a date for the repair by 6 March 2026 17:00.\n"
    subject = "Re: Pump P-7 leaks"
    answer = mail("a2@tsubame.example", mori, hana, at(2, 15), subject, promise, answers="a1@asagao.example")
    thanks = mail(
        "a3@asagao.example",
        hana,
        mori,
        at(5, 9),
        subject,
        "Thank you, we will wait.\n",
        answers="a2@tsubame.example",
        attachment=("../../evil\x1b.txt", b"drip"),
    )
    abe, news = "Rui Abe <abe@kiku.example>", "News <no-reply@news.example>"
    order = mail("b1@kiku.example", abe, mori, at(4, 11), "Order 4711", "Please confirm our order.\n")
    advert = mail("n1@news.example", news, mori, at(4, 12), "Spring sale", "Buy!\n\nTo unsubscribe click here.\n")
    received = {"1": asked, "2": thanks, "3": order, "4": advert}
    sent = {"1": answer}
    for name, mails in (("INBOX", received), ("Sent", sent)):
        (folder / name).mkdir()
        for number, raw in mails.items():
            (folder / name / f"{number}.eml").write_bytes(raw)
    settings = folder / "kawari.toml"
    settings.write_text(SETTINGS, "utf-8")
    return settings
