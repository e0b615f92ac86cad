"""Mail from files into the diary: batch by batch, as a poll would bring it, but without a server and a cursor."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from ingest.context import Context
from ingest.files import raw_mails
from ingest.poll import FolderResult
from ingest.portions import BATCH_BYTES, BATCH_MAILS
from ingest.reading import Progress
from ingest.receive import receive
from ingest.reconsider import file_in_order
from notes.model import RawMail, Role
from notes.store.engine import Store


def import_path(
    store: Store, path: Path, mailbox: str, folder: str, role: Role, context: Context, progress: Progress
) -> FolderResult:
    """Files all mail of a file or folder as if it lay in `folder` of `mailbox`. Doing it again doubles nothing.

    The mails are stored as they come and filed in the order in which they were written.

    How many mails there are is known only at the end, so `progress` is told no total. Raises UsageError as
    `ingest.files.raw_mails` does, and DatabaseError; batches already stored stay.
    """
    mails = new = unreadable = 0
    for batch in in_batches(raw_mails(path, mailbox, folder, role)):
        report = receive(store, batch, context, None, later=True)
        mails += len(batch)
        new += report.new
        unreadable += report.unreadable
        progress(mailbox, folder, mails, None)
    file_in_order(store, context, progress=lambda done: progress("", "", done, None))
    return FolderResult(mailbox, folder, role, mails, new, unreadable)


def in_batches(
    mails: Iterable[RawMail], *, count: int = BATCH_MAILS, size: int = BATCH_BYTES
) -> Iterator[list[RawMail]]:
    """Mails in groups of at most `count` mails and, save for a larger single one, `size` bytes."""
    batch: list[RawMail] = []
    total = 0
    for mail in mails:
        if batch and (len(batch) >= count or total + len(mail.raw) > size):
            yield batch
            batch, total = [], 0
        batch.append(mail)
        total += len(mail.raw)
    if batch:
        yield batch
