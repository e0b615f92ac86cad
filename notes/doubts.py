"""What a page cannot say, and which of a case's mails a person should look at."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from notes.model import SUGGESTING, Case, Customer, Directory, Filed, Joined, Kind
from notes.people import role_of

DOUBTFUL_BELOW = 0.7
"""Below this score a message's place in its case is named on the page as a doubt."""

LOST_LETTERS = "charset-damaged"
"""The defect of a mail some of whose letters no charset could read."""


@dataclass(frozen=True, slots=True)
class NotKnown:
    """Something the page cannot say: a reason code and what it is about."""

    code: str
    detail: str


def doubts(
    mails: Iterable[Filed], case: Case, directory: Directory, settled: Container[str] = ()
) -> Iterator[NotKnown]:
    """What is doubtful about mails of a case, whether it is theirs, when they were written, what they say."""
    for mail in mails:
        doubtful = doubtful_case(mail.joined, case.key) or guessed(mail, case.customer, directory)
        if doubtful and mail.ref not in settled:
            yield NotKnown("doubtful-join", mail.ref)
        if mail.date_doubtful:
            yield NotKnown("doubtful-date", mail.ref)
        if LOST_LETTERS in mail.defects:
            yield NotKnown("undecodable", mail.ref)


def second_hand(mail: Filed) -> bool:
    """Whether what a mail says is known only from somebody who forwarded it."""
    return mail.kind is Kind.FORWARD and bool(mail.forwarded)


def doubtful_case(joined: Joined, key: str) -> bool:
    """Whether a person should look if the mail belongs to the case of this key rather than to another."""
    by_rule = joined.rule not in ("", "person", "note") and joined.runner_up != key
    return by_rule and (joined.score < DOUBTFUL_BELOW or (joined.doubtful and joined.customer_rule not in SUGGESTING))


def guessed(mail: Filed, customer: Customer, directory: Directory) -> bool:
    """Whether only names tie the mail to the customer, and no person has confirmed its address since."""
    if mail.joined.customer_rule not in SUGGESTING:
        return False
    outside = (who for who in (mail.sender, *mail.to, *mail.cc) if not directory.is_ours(who.address))
    first = next(outside, None)
    return first is None or role_of(first, customer, directory) != "customer"
