"""How a folder is cut into what is asked for at once: windows of UIDs, batches of mails; pure, from sizes to lists.

A mail at which the server hangs up must not cost the rest of its folder: `Care` halves its way to it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

BATCH_MAILS = 200
BATCH_BYTES = 8 * 1024 * 1024
WINDOW = 20_000
TRIES = 3
"""So often a mail is asked for alone before it is left out."""

MOST_LEFT_OUT = 3
"""After so many mails in a row that broke the connection, it is perhaps not the mails that are broken."""

_NARROWER = 8


@dataclass
class Care:
    """What a folder's broken connections taught: which mails were asked for when one broke, and which break it alone.

    A broken batch is asked for again in smaller ones, down to single mails. One that broke the connection `TRIES` times
    alone is `left_out`, until the next one that comes proves that the server is well. After `MOST_LEFT_OUT` of them
    a mail that lies elsewhere is to prove it (`doubted`).
    """

    doubtful: frozenset[int] = frozenset()
    most: int = 1
    tries: dict[int, int] = field(default_factory=dict)
    left_out: list[int] = field(default_factory=list)
    doubted: bool = False

    def broke(self, uids: list[int]) -> bool:
        """The connection broke while these were fetched; whether it makes sense to go on."""
        if self.doubted:
            return self.gives_up()
        if len(uids) > 1:
            self.doubtful = frozenset(uids)
            self.most = max(1, len(uids) // _NARROWER)
            return True
        uid = uids[0]
        self.tries[uid] = self.tries.get(uid, 0) + 1
        if self.tries[uid] >= TRIES and uid not in self.left_out:
            self.left_out.append(uid)
        self.doubted = len(self.left_out) >= MOST_LEFT_OUT
        return True

    def gives_up(self) -> bool:
        """It is the server: nothing was learned of the mails."""
        self.doubtful = frozenset()
        self.tries.clear()
        self.left_out.clear()
        self.doubted = False
        return False

    def came(self) -> list[int]:
        """A batch came; the mails that were left out before it, to be put aside for good."""
        left, self.left_out, self.doubted = self.left_out, [], False
        return left

    def allows(self, uid: int, usual: int) -> int:
        """How many mails a batch with this one may have, where it is `usual` otherwise."""
        return min(usual, self.most) if uid in self.doubtful else usual


def in_batches(
    sizes: Mapping[int, int], care: Care | None = None, *, count: int | None = None, size: int | None = None
) -> Iterator[list[int]]:
    """UIDs in groups of at most `count` mails and, save for a larger single one, `size` bytes; in the given order."""
    count, size, care = count or BATCH_MAILS, size or BATCH_BYTES, care or Care()
    batch: list[int] = []
    total, most = 0, count
    for uid, weight in sizes.items():
        allowed = care.allows(uid, count)
        if batch and (len(batch) >= min(most, allowed) or total + weight > size):
            yield batch
            batch, total, most = [], 0, count
        batch.append(uid)
        total += weight
        most = min(most, allowed)
    if batch:
        yield batch


@dataclass
class Windows:
    """Ranges of UIDs from `first` to `last`, some thousands at a time, upwards or downwards.

    UIDs may jump by millions, so a window that was nearly empty (`held` says what it held) is followed by a wider one.
    """

    first: int
    last: int
    downwards: bool = False
    width: int = WINDOW

    def __iter__(self) -> Iterator[tuple[int, int]]:
        while self.first <= self.last:
            if self.downwards:
                low = max(self.first, self.last - self.width + 1)
                window = (low, self.last)
                self.last = low - 1
            else:
                high = min(self.last, self.first + self.width - 1)
                window = (self.first, high)
                self.first = high + 1
            yield window

    def held(self, mails: int) -> None:
        """So many mails were in the last window."""
        self.width = WINDOW if 4 * mails > WINDOW else 4 * self.width
