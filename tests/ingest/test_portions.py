import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.portions import BATCH_MAILS, Care, Windows, in_batches


def test_batches_are_limited_by_number_and_by_bytes() -> None:
    assert list(in_batches({1: 4, 2: 4, 3: 4, 4: 20, 5: 1}, count=2, size=10)) == [[1, 2], [3], [4], [5]]
    assert list(in_batches({}, count=2, size=10)) == []


@given(st.integers(1, 2**32 - 1), st.integers(1, 2**32 - 1), st.booleans(), st.lists(st.integers(0, 20_000)))
def test_windows_cover_every_uid_once(one: int, other: int, downwards: bool, held: list[int]) -> None:
    first, last = min(one, other), max(one, other)
    windows, seen = Windows(first, last, downwards=downwards), list[tuple[int, int]]()
    for number, window in enumerate(windows):
        seen.append(window)
        windows.held(held[number] if number < len(held) else 0)
    seen.sort()
    assert (seen[0][0], seen[-1][1]) == (first, last)
    assert all(upto + 1 == after for (_, upto), (after, _) in pairwise(seen))


def attempts(uids: list[int], poison: set[int], care: Care) -> tuple[int, set[int]]:
    """Reads as `Reading` does, connecting anew whenever a mail breaks it: the connections, and who is put aside."""
    connections, aside, came = 0, set[int](), set[int]()
    while connections < 60:
        connections += 1
        for batch in in_batches(dict.fromkeys((uid for uid in uids if uid not in came | aside), 1), care):
            wanted = [uid for uid in batch if uid not in care.left_out]
            if poison & set(wanted):
                if not care.broke(wanted):
                    return connections, aside
                break
            if wanted:
                aside |= set(care.came())
                came |= set(wanted)
        else:
            return connections, aside | set(care.came())
    raise AssertionError


def test_a_mail_that_breaks_the_connection_is_found_in_a_few_connections_and_the_rest_comes() -> None:
    chance = random.Random(5)  # noqa: S311 - repeatable, not secret
    for _ in range(40):
        uids = list(range(1, 500))
        poison = {chance.choice(uids)}
        connections, aside = attempts(uids, poison, Care())
        assert aside == poison
        assert connections <= 8


def test_two_such_mails_side_by_side_are_both_found() -> None:
    assert attempts(list(range(1, 300)), {150, 151}, Care())[1] == {150, 151}


def test_a_server_that_breaks_off_whatever_is_asked_loses_no_mail() -> None:
    care = Care()
    _, aside = attempts(list(range(1, 300)), set(range(1, 300)), care)
    assert aside == set()
    assert care == Care(most=care.most)


def test_after_the_doubtful_mails_batches_are_as_large_as_before() -> None:
    care = Care(frozenset(range(1, 201)), most=25)
    sizes = [len(batch) for batch in in_batches(dict.fromkeys(range(1, 501), 1), care)]
    assert sizes == [25] * 8 + [BATCH_MAILS, 100]
