"""Which mails of ours came back undelivered."""

from collections import defaultdict
from collections.abc import Sequence

from notes.model import Filed

LONGEST_BOUNCE = 20_000


def lost(mails: Sequence[Filed]) -> frozenset[str]:
    """The refs of the mails that reached nobody they were written to.

    A bounce for one recipient of several leaves the mail with the others; one that names nobody speaks for all, and so
    does one of a mail that is not held. A copy to a colleague, or to somebody in Cc, makes no delivered mail.
    """
    bounces: dict[str, list[str]] = defaultdict(list)
    for mail in mails:
        for ref in mail.bounced:
            bounces[ref].append(mail.new_text[:LONGEST_BOUNCE].casefold())
    sent = {mail.ref: mail for mail in mails if mail.ref in bounces}
    return frozenset(ref for ref, texts in bounces.items() if ref not in sent or not _arrived(sent[ref], texts))


def _arrived(mail: Filed, texts: Sequence[str]) -> bool:
    """Whether the bounces name a recipient, and not everybody outside in To."""
    named = {to.address for to in (*mail.to, *mail.cc) if any(to.address in text for text in texts)}
    outside = {to.address for to in mail.to if to.domain != mail.sender.domain}
    return bool(named) and bool(outside - named)
