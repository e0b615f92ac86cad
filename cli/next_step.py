"""The command to run next where something must be heard of."""

from notes.alarms import Alarm, AlarmCode
from notes.model import Directory


def next_command(alarm: Alarm, directory: Directory) -> tuple[str, ...]:
    """What to run next: see the case, declare the absence, look at the mailboxes."""
    if alarm.case:
        return ("timeline", alarm.case)
    if alarm.code is AlarmCode.MAILBOX_UNREAD:
        return ("poll", "--once", "--mailbox", str(alarm.reason.figures["mailbox"]))
    colleague = next((one.id for one in directory.staff if one.id != alarm.owner), "STANDIN")
    words = ("away", str(alarm.owner), "--to", colleague)
    if alarm.code is not AlarmCode.ABSENCE_OFFERED:
        return words
    ends = [(f"--{name}", str(alarm.reason.figures[name])) for name in ("from", "until") if alarm.reason.figures[name]]
    return (*words, *(word for pair in ends for word in (pair[0], pair[1][:16])))
