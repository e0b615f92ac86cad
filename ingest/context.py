"""What the stations of the way in need to know besides the mail: the same for every mail of a reading."""

from dataclasses import dataclass
from datetime import datetime

from ingest.workers import HERE, Here
from notes.model import Calendar, Directory, Keep
from notes.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Context:
    """What reading depends on besides the mail. `now` is aware: the moment of reading. `keep`: of nobody's mail.

    `authserv_id`: the name under which the receiving mail server says what it checked; empty: it is not asked.
    `workers`: who helps when there is much to read.
    """

    directory: Directory
    calendar: Calendar
    phrases: Phrases
    now: datetime
    keep: Keep = Keep.HEADERS
    authserv_id: str = ""
    workers: Here = HERE
