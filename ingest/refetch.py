"""Mail fetched again: mails of which only the headers were kept, and that turned out to be somebody's.

Each is asked for where it was seen, by its UID; where the folder was numbered anew, or the mail was moved, it is looked
for by its Message-ID in the folders that are read. Only the very same content counts. What was asked for everywhere and
found nowhere is gone.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ingest import credentials, imap
from ingest.context import Context
from ingest.mailbox import Account, Connect, Fetched, FolderState, Mailbox
from ingest.portions import in_batches
from notes.errors import MailboxError, UnreadableMailError
from notes.model import Place, RawMail, Role, Via
from notes.store import unfiled
from notes.store.engine import Store
from notes.store.unfiled import Wanted

MOST_A_ROUND = 200
"""So many mails are looked for in one mailbox at one poll."""

_FETCHED_AT_ONCE = 20
_MOST_OF_ONE_ID = 10
_FOLDER_GONE, _FOLDER_REFUSED = "mailbox-folder-missing", "mailbox-folder-refused"


@dataclass
class Sought:
    """What looking for mails brought: numbers of those found, and of those that a mailbox does not have, by mailbox."""

    found: set[int] = field(default_factory=set)
    absent: dict[str, set[int]] = field(default_factory=dict)

    def gone(self, wanted: Iterable[Wanted]) -> list[int]:
        """Of these mails, those that none of their mailboxes has, as far as all of them were asked."""
        return [
            one.id
            for one in wanted
            if one.id not in self.found
            and one.places
            and all(one.id in self.absent.get(place.mailbox, ()) for place, _ in one.places)
        ]


def fetch_again(
    store: Store,
    account: Account,
    mailbox: Mailbox,
    folders: Mapping[str, Role],
    context: Context,
    sought: Sought,
    *,
    only: Collection[int] | None = None,
) -> None:
    """Looks for the wanted mails of an open mailbox, those of the numbers `only` when given, and notes in `sought` what
    came of it. `folders` are those that are read, with their roles. Raises MailboxError, DatabaseError."""
    with store.read() as db:
        wanted = unfiled.wanted(db, MOST_A_ROUND if only is None else None, mailbox=account.id)
    wanted = [one for one in wanted if one.id not in sought.found and (only is None or one.id in only)]
    if not wanted:
        return
    search = _Search(store, account, mailbox, context, {one.id: one for one in wanted})
    seen = {place.folder: role for one in wanted for place, role in one.places if place.mailbox == account.id}
    for folder, role in (seen | dict(folders)).items():
        if search.missing:
            search.look(folder, role, by_id=False)
    for folder, role in (seen | dict(folders)).items():
        if search.missing:
            search.look(folder, role, by_id=True)
    sought.found |= {one.id for one in wanted} - search.missing.keys()
    if not search.refused:
        sought.absent.setdefault(account.id, set()).update(search.missing)


def fetch_now(
    store: Store, accounts: Iterable[Account], context: Context, ids: Collection[int], connect: Connect = imap.connect
) -> list[MailboxError]:
    """Looks for the wanted mails of these numbers at once, without waiting for a poll; returns what failed."""
    sought, failed = Sought(), list[MailboxError]()
    for account in accounts:
        try:
            with connect(account, credentials.fetch(account.secret)) as mailbox:
                folders = account.folders or imap.find_folders(mailbox, log=account.owner is None)
                fetch_again(store, account, mailbox, folders, context, sought, only=ids)
        except MailboxError as error:
            failed.append(error)
    give_up(store, sought)
    return failed


def give_up(store: Store, sought: Sought) -> int:
    """Says of the mails that were asked for in vain in all their mailboxes that they are gone; and of how many."""
    if not any(sought.absent.values()):
        return 0
    with store.begin() as db:
        gone = sought.gone(unfiled.wanted(db))
        unfiled.gone(db, gone)
    return len(gone)


@dataclass
class _Search:
    """One mailbox, and the mails that are still missing. `refused`: a folder that may hold them did not open."""

    store: Store
    account: Account
    mailbox: Mailbox
    context: Context
    missing: dict[int, Wanted]
    refused: bool = False

    def look(self, folder: str, role: Role, *, by_id: bool) -> None:
        """In one folder, by the UIDs under which they lay there, or by their Message-IDs."""
        if not by_id and not any(self._uids(folder, None)):
            return
        try:
            state = self.mailbox.examine(folder)
        except MailboxError as error:
            if error.code not in (_FOLDER_GONE, _FOLDER_REFUSED):
                raise
            self.refused |= error.code == _FOLDER_REFUSED
            return
        uids = sorted(set(self._named() if by_id else self._uids(folder, state.uidvalidity)))
        sizes = self.mailbox.sizes(uids[0], uids[-1]) if uids else {}
        there = {uid: sizes[uid] for uid in uids if uid in sizes}
        for some in in_batches(there, count=_FETCHED_AT_ONCE):
            self._take(folder, role, state, self.mailbox.fetch(some))

    def _uids(self, folder: str, uidvalidity: int | None) -> Iterator[int]:
        for one in self.missing.values():
            for place, _ in one.places:
                here = (place.mailbox, place.folder) == (self.account.id, folder)
                if here and place.uidvalidity and uidvalidity in (None, place.uidvalidity):
                    yield place.uid

    def _named(self) -> Iterator[int]:
        for one in self.missing.values():
            if one.message_id:
                yield from self.mailbox.find(one.message_id)[-_MOST_OF_ONE_ID:]

    def _take(self, folder: str, role: Role, state: FolderState, fetched: Sequence[Fetched]) -> None:
        """Puts what is wanted into the diary."""
        from ingest.receive import receive  # as below

        mails = []
        for one in fetched:
            number = self._is(one)
            if number is not None and one.raw:
                place = Place(self.account.id, folder, state.uidvalidity, one.uid)
                mails.append(RawMail(place, role, one.raw, one.internaldate, Via(role)))
                del self.missing[number]
        if mails:
            receive(self.store, mails, self.context, None, later=True)

    def _is(self, fetched: Fetched) -> int | None:
        """Which missing mail this is."""
        from ingest.receive import read  # all that reads mail: loaded when mail has come

        if not fetched.raw:
            return None
        try:
            message = read(fetched.raw, internaldate=fetched.internaldate)
        except UnreadableMailError:
            return None
        return next((one.id for one in self.missing.values() if one.digest == message.digest), None)
