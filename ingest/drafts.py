"""A draft that a user asked for, put into a mailbox's Drafts folder. Nothing else on a server is ever written."""

from ingest import credentials
from ingest.folders import drafts
from ingest.imap import connect
from ingest.mailbox import Account
from notes.errors import MailboxError


def save(account: Account, raw: bytes) -> str:
    """Appends a mail to the account's drafts; returns the folder's name.

    Raises MailboxError `mailbox-no-drafts`, `mailbox-draft-refused`, and what `ingest.imap.connect` and
    `ingest.credentials.fetch` raise.
    """
    with connect(account, credentials.fetch(account.secret)) as mailbox:
        listing = mailbox.listing()
        folder = drafts(listing)
        if folder is None:
            shown = ", ".join(sorted(one.name for one in listing)[:30])
            raise MailboxError("mailbox-no-drafts", mailbox=account.id, folders=shown)
        mailbox.append_draft(folder, raw)
        return folder
