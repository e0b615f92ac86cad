"""Any order of arrival of the same mails ends in the same threads and cases, the way a poll takes them in."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.receive import receive
from ingest.reconsider import file_in_order
from notes.model import RawMail
from notes.store.engine import open_store
from tests.ingest.corrected import CONTEXT, THEM, US, letter, piles

MATTER = (0, 1, 0, 2, 1, 0, 3, 1, 0, 2)
ABOVE = ((), (), (1,), (), (2,), (1, 3), (), (2, 5), (1,), (4,))
MAILS = tuple(
    letter(n, matter, answers=above, sender=US if n % 3 == 0 and above else THEM)
    for n, (matter, above) in enumerate(zip(MATTER, ABOVE, strict=True), 1)
)


def filed(tmp: Path, name: str, batches: list[list[RawMail]]) -> list[set[int]]:
    """The cases after batches were stored, and filed when all were there."""
    store = open_store(f"sqlite:///{tmp / name}.db")
    for batch in batches:
        receive(store, batch, CONTEXT, None, later=True)
    file_in_order(store, CONTEXT, progress=lambda done: None)
    found = sorted(piles(store).values(), key=min)
    store.close()
    return found


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.permutations(MAILS), st.integers(1, 4), st.integers(0, 10**9))
def test_mails_of_any_order_make_the_same_cases(tmp_path: Path, mails: list[RawMail], size: int, number: int) -> None:
    batches = [mails[n : n + size] for n in range(0, len(mails), size)]
    assert filed(tmp_path, f"{number}-{size}-{abs(hash(tuple(one.place.uid for one in mails)))}", batches) == [
        {1, 3, 6, 9},
        {2, 5, 8},
        {4, 10},
        {7},
    ]
