"""Small made-up cases: mails told in a few words, read as `ingest` would read them, and where they stand."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from notes.model import (
    Address,
    Attachment,
    By,
    Calendar,
    Correction,
    Direction,
    Directory,
    Filed,
    Findings,
    Forwarded,
    Joined,
    Kind,
    Staff,
    Standing,
    Via,
)
from notes.phrases import load
from notes.promises import detect
from notes.questions import ask
from notes.standing import stand

TOKYO = ZoneInfo("Asia/Tokyo")
OUR_DOMAIN = "aozora.example"


def day_off(day: date) -> bool:
    """Weekends, and one holiday for the stories: Thursday, 30 April 2026."""
    return day.weekday() > 4 or day == date(2026, 4, 30)


CALENDAR = Calendar(TOKYO, time(9), time(18), day_off)
DIRECTORY = Directory(
    organisation="青空設備株式会社",
    domains=frozenset({OUR_DOMAIN}),
    staff=(
        Staff("ueda", "上田 進", ("ueda@aozora.example",)),
        Staff("mori", "森 あかり", ("mori@aozora.example",)),
    ),
    log_addresses=frozenset({"log@aozora.example"}),
)
PEOPLE = {
    "ueda": Address("上田 進", "ueda@aozora.example"),
    "mori": Address("森 あかり", "mori@aozora.example"),
    "log": Address("", "log@aozora.example"),
    "kita": Address("北 みどり", "kita@hanamizuki.example"),
    "boss": Address("南 洋一", "minami@hanamizuki.example"),
    "supplier": Address("Pump Works", "sales@pumpworks.example"),
}


def at(text: str) -> datetime:
    """A moment of 2026 in Tokyo from "4/14 09:30"."""
    day, clock = text.split()
    month, number = day.split("/")
    hour, minute = clock.split(":")
    return datetime(2026, int(month), int(number), int(hour), int(minute), tzinfo=TOKYO)


class Story:
    """A case being written, one mail a line."""

    def __init__(self) -> None:
        self.mails: list[Filed] = []

    def say(
        self,
        who: str,
        to: str,
        moment: str,
        text: str,
        *,
        files: tuple[str, ...] = (),
        kind: Kind = Kind.MAIL,
        subject: str = "ポンプの件",
        bounced: tuple[str, ...] = (),
        answers: str | None = None,
    ) -> str:
        """Adds a mail and gives its ref; it answers the one before unless told otherwise."""
        sender, reader, when = PEOPLE[who], PEOPLE[to], at(moment)
        ours, outside = DIRECTORY.is_ours(sender.address), not DIRECTORY.is_ours(reader.address)
        direction = Direction.IN if not ours else (Direction.OUT if outside else Direction.INTERNAL)
        ref = f"m{len(self.mails) + 1}@story.example"
        before = answers if answers is not None else (self.mails[-1].ref if self.mails else "")
        mail = Filed(
            ref=ref,
            kind=kind,
            direction=direction,
            via=Via.INBOX,
            mailboxes=("ueda",),
            sender=sender,
            to=(reader,),
            cc=(),
            at=when,
            date_doubtful=False,
            subject=subject,
            new_text=text,
            hidden_lines=0,
            references=(before,) if before else (),
            forwarded=(),
            attachments=tuple(Attachment(name, "application/pdf", 1000, name) for name in files),
            contact=None,
            bounced=bounced,
            findings=Findings(),
            joined=Joined("thread", 1.0),
        )
        self.mails.append(replace(mail, findings=_findings(mail, ours=ours)))
        return ref

    def forward(self, who: str, moment: str, above: str, inside: str, sent: str, sender: str = "kita") -> str:
        """Adds a colleague's forward of a mail that is in no mailbox."""
        inner = Forwarded(PEOPLE[sender], (), (), at(sent), "ポンプの件", inside, above)
        ref = self.say(who, "log", moment, above, kind=Kind.FORWARD)
        found = detect(
            inside, said_at=at(sent), by=By.THEM, who=PEOPLE[sender].address, calendar=CALENDAR, phrases=load()
        )
        findings = Findings((*self.mails[-1].findings.promises, *found), ask(inside, phrases=load()))
        self.mails[-1] = replace(self.mails[-1], forwarded=(inner,), findings=findings)
        return ref

    def stands(self, *corrections: Correction) -> Standing:
        """Where the case stands after all mails."""
        return stand(self.mails, corrections, directory=DIRECTORY, calendar=CALENDAR)


def _findings(mail: Filed, *, ours: bool) -> Findings:
    if mail.kind in (Kind.AUTO, Kind.BOUNCE):
        return Findings()
    by, who = (By.US if ours else By.THEM), mail.sender.address
    found = detect(mail.new_text, said_at=mail.at, by=by, who=who, calendar=CALENDAR, phrases=load())
    return Findings(found, () if ours else ask(mail.new_text, phrases=load()))
