"""Who looks after a case."""

from collections.abc import Sequence

from notes.model import Direction, Directory, Filed, Kind


def owner_of(mails: Sequence[Filed], directory: Directory) -> str | None:
    """The id of the staff member who looks after a case: who wrote to the customer most, the most recent on a tie.

    Where nobody has written to the customer yet, the staff member to whom the customer wrote last.
    """
    written: dict[str, tuple[int, float]] = {}
    asked: str | None = None
    for mail in sorted(mails, key=lambda each: each.at):
        if mail.kind in (Kind.AUTO, Kind.BOUNCE):
            continue
        writer = directory.staff_at(mail.sender.address)
        if mail.direction is Direction.OUT and writer:
            written[writer.id] = (written.get(writer.id, (0, 0.0))[0] + 1, mail.at.timestamp())
        elif mail.direction is Direction.IN:
            reader = next((staff for to in (*mail.to, *mail.cc) if (staff := directory.staff_at(to.address))), None)
            asked = reader.id if reader else asked
    return max(written, key=lambda who: written[who]) if written else asked


def mailbox_owner(mails: Sequence[Filed], directory: Directory) -> str | None:
    """Whose mailbox a case lies in, where nobody of ours has written: a mailbox often bears its owner's id."""
    people = {person.id for person in directory.staff}
    found = [mailbox for mail in mails for mailbox in mail.mailboxes if mailbox in people]
    return max(found, key=found.count, default=None)
