"""Which mails belong together by their own word: Message-ID, In-Reply-To and References, and nothing else.

Evidence in order of trust: a mail's own id, the mails it answers, the mails it names as ancestors (RFC 5322, section
3.6.4), the mails a bounce gives back (RFC 3464). Whoever names the same id belongs to the same thread, also when
nobody has seen the mail of that id; so neither the order of arrival nor loops nor duplicates matter. Subjects are not
looked at here: joining by subject is a question of cases (`notes.cases`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from notes.model import Message

MOST_IDS = 500
"""References name at most this many ancestors: the first (the root) and the nearest ones are kept."""


@dataclass(frozen=True, slots=True)
class Placement:
    """The thread a mail belongs to (None: a new one), and the threads that this mail shows to be the same one."""

    thread: int | None
    merge: tuple[int, ...] = ()


def ids(message: Message) -> tuple[str, ...]:
    """Every id that ties a message to its thread: its own ref first, then the others, nearest ancestor first."""
    return (message.ref, *ancestors(message))


def ancestors(message: Message) -> tuple[str, ...]:
    """Ids of the mails that a message answers, nearest first: what it replies to, what it bounces, its References."""
    references = message.references[::-1]
    if len(references) > MOST_IDS:
        references = (*references[: MOST_IDS - 1], references[-1])
    named = dict.fromkeys((*message.in_reply_to[:MOST_IDS], *message.bounced[:MOST_IDS], *references))
    named.pop(message.ref, None)
    return tuple(named)


def place(ids: Sequence[str], known: Mapping[str, int]) -> Placement:
    """Where a mail with these ids belongs, when `known` says in which thread the store has seen an id.

    The oldest thread (the smallest number) lives on, so that any order of arrival ends in the same threads.
    """
    threads = sorted({known[name] for name in ids if name in known})
    return Placement(threads[0], tuple(threads[1:])) if threads else Placement(None)


def nearest(message: Message, case_of: Mapping[str, str]) -> str | None:
    """The case (key) of the nearest ancestor that is in one; `case_of` maps refs of stored messages to case keys.

    One thread may hold two cases (a person split it, or its subject turned to another matter), so an answer follows
    the mail that it answers and not the thread as a whole.
    """
    return next((case_of[name] for name in ancestors(message) if name in case_of), None)


def group(mails: Iterable[tuple[str, Sequence[str]]]) -> list[list[str]]:
    """Threads of a pile of mails, each mail given as its ref and every id it bears or names; refs in order of arrival.

    A ref given twice (a mail in two folders) is listed once.
    """
    thread_of: dict[str, int] = {}
    joined: dict[int, int] = {}
    refs: dict[str, int] = {}
    for number, (ref, named) in enumerate(mails):
        found = {_root(joined, thread_of[name]) for name in (ref, *named) if name in thread_of}
        thread = min(found, default=number)
        joined.update(dict.fromkeys(found - {thread}, thread))
        thread_of.update(dict.fromkeys((ref, *named), thread))
        refs.setdefault(ref, thread)
    threads: dict[int, list[str]] = {}
    for ref, thread in refs.items():
        threads.setdefault(_root(joined, thread), []).append(ref)
    return list(threads.values())


def _root(joined: dict[int, int], thread: int) -> int:
    """The thread in which `thread` ended up; shortens the way for the next one who asks."""
    root = thread
    while root in joined:
        root = joined[root]
    while thread != root:
        joined[thread], thread = root, joined[thread]
    return root
