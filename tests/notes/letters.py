"""Messages made by hand for tests: only what a test says differs from an ordinary mail."""

from datetime import UTC, datetime, timedelta

from notes.model import Address, Contact, Directory, Kind, Message, Staff, Zone, ZoneKind

START = datetime(2024, 4, 1, 9, 0, tzinfo=UTC)
OURS = Directory(
    organisation="株式会社ほくと設備",
    domains=frozenset({"hokuto.example"}),
    staff=(Staff("mori", "森 一郎", ("mori@hokuto.example",)), Staff("abe", "阿部 春", ("abe@hokuto.example",))),
    log_addresses=frozenset({"log@hokuto.example"}),
)
MORI = Address("森 一郎", "mori@hokuto.example")
ABE = Address("阿部 春", "abe@hokuto.example")
LOG = Address("", "log@hokuto.example")


def letter(
    ref: str,
    sender: Address,
    *to: Address,
    subject: str = "",
    text: str = "",
    hours: float = 0,
    company: str = "",
    **other: object,
) -> Message:
    """A message `hours` after the start, its whole text new, with the signature's company if given."""
    given: dict[str, object] = {
        "in_reply_to": (),
        "references": (),
        "cc": (),
        "bcc": (),
        "kind": Kind.MAIL,
        "zones": (Zone(ZoneKind.NEW, text, "test"),),
        "contact": Contact(company=company) if company else None,
        **other,
    }
    return Message(
        ref=ref,
        message_id=ref,
        sender=sender,
        to=to,
        date=START + timedelta(hours=hours),
        date_doubtful=False,
        subject=subject,
        text=text,
        digest=ref,
        **given,  # type: ignore[arg-type]  # a test's own words, checked where they are used
    )
