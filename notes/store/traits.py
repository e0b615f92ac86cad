"""What cases can be recognised by: postings (`notes.store.postings`) to find them, profiles to weigh them.

A look-up costs the same in a diary of any size: where more than `COMMON` cases of a customer (or, where anybody's are
asked for, of all) bear a trait, no more are read, for it tells nothing; a profile is bounded, too (`notes.traits`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, bindparam, delete, select

from notes.profiles import COMMON, Profile, Trait
from notes.store import customers, homes, postings, schema
from notes.store.sql import chunks, listed

if TYPE_CHECKING:
    from notes.candidates import Candidate

_MOST_TIED = 10
_BORNE_BY_ONE = 1_000
"""How much a trait counts that only one case bears. Whole numbers: in any order their sum is the same."""
_NOT_LATELY: Mapping[str, datetime] = {}
_CASE = schema.case.c
_PROFILE = schema.case_profile.c


@dataclass(frozen=True, slots=True)
class Alike:
    """Keys of cases; and by how many of all that were looked among each trait is `borne`, up to `COMMON` and one more.

    Not counted where all cases are found.
    """

    keys: Sequence[str]
    borne: Mapping[Trait, int] = field(default_factory=dict)


def alike(
    db: Connection,
    traits: Iterable[Trait],
    members: Sequence[str] | None,
    limit: int = 20,
    *,
    weighed: Iterable[Trait] = (),
    unwritten: Mapping[Trait, Collection[str]] = postings.NOTHING,
    lately: Mapping[str, datetime] = _NOT_LATELY,
) -> Alike:
    """The cases that share most of these traits, the latest of those tied; of a customer, half of them its latest.

    `members` are the ids of a customer and of those merged into it (`customers.member_ids`); None asks for anybody's.
    At most `limit` cases; of a customer with no more than that, all. What few cases bear counts more than what many do.
    `weighed`: traits by which no case is looked for, but of which it matters how many bear them.
    `unwritten`: cases by traits that are not written yet; `lately`: how new those of them are that got a mail, by key,
    where that is not written yet.
    """
    latest = [] if members is None else latest_of(db, members, limit + 1, lately)
    if members is not None and len(latest) <= limit:
        return Alike(latest)
    asked = frozenset(traits)
    bearers = postings.bearers(db, asked.union(weighed), members, unwritten)
    shared = _shared([keys for trait, keys in bearers.items() if trait in asked and keys])
    most = limit - limit // 2 if latest else limit
    borne = {trait: COMMON + 1 if keys is None else len(keys) for trait, keys in bearers.items()}
    return Alike(list(dict.fromkeys((*_most_sharing(db, shared, most, lately), *latest[: limit // 2]))), borne)


def _shared(borne: Iterable[Collection[str]]) -> Counter[str]:
    """How much the bearers of some traits have in common with what has them all."""
    found: Counter[str] = Counter()
    for keys in borne:
        found.update(dict.fromkeys(keys, _BORNE_BY_ONE // len(keys)))
    return found


def _most_sharing(db: Connection, shared: Mapping[str, int], limit: int, lately: Mapping[str, datetime]) -> list[str]:
    ranked = sorted(shared, key=lambda key: (-shared[key], key))[: _MOST_TIED * limit]
    if len(ranked) <= limit:
        return ranked
    least = shared[ranked[limit - 1]]
    sure = [key for key in ranked if shared[key] > least]
    at = _last_at(db, (key for key in ranked if shared[key] == least))
    at |= {key: lately[key] for key in at.keys() & lately.keys()}
    return [*sure, *sorted(at, key=lambda key: (-at[key].timestamp(), key))[: limit - len(sure)]]


def latest_of(
    db: Connection, members: Sequence[str], limit: int, lately: Mapping[str, datetime] = _NOT_LATELY
) -> list[str]:
    """The keys of the latest cases of these customers; `lately` as in `alike`."""
    found = {  # one by one, for then an index has them in order
        key: at for member in members for key, at in db.execute(_latest(), {"member": member, "most": limit})
    }
    at = {**found, **lately}
    return sorted(at, key=lambda key: (-at[key].timestamp(), key))[:limit]


@cache
def _latest() -> Select[str, datetime]:
    alive = (_CASE.customer_id == bindparam("member")) & (_CASE.merged_into.is_(None) | homes.keeps_traits())
    newest = (_CASE.last_at.desc(), _CASE.key)
    return select(_CASE.key, _CASE.last_at).where(alive, ~homes.asleep()).order_by(*newest).limit(bindparam("most"))


def _last_at(db: Connection, keys: Iterable[str]) -> dict[str, datetime]:
    return dict(db.execute(_moments(db.dialect.name), {"asked": json.dumps([[key] for key in keys])}).all())


@cache
def _moments(dialect: str) -> Select[str, datetime]:
    asked = listed(dialect, "asked", 1)
    return select(_CASE.key, _CASE.last_at).select_from(asked.rows).join(schema.case, _CASE.key == asked.columns[0])


def candidates(db: Connection, keys: Iterable[str]) -> dict[str, Candidate]:
    """These cases with all their traits, by key; unknown ones, sleeping ones and those merged by the rules are left
    out."""
    from notes.candidates import Candidate  # what it imports costs 10 ms, which a page can do without

    found: dict[str, Candidate] = {}
    for chunk in chunks(keys):
        for key, title, customer, last_at, traits in db.execute(_profiled(), {"keys": chunk}):
            found[key] = Candidate(key, title, customer, last_at, traits or Profile())
    return found


@cache
def _profiled() -> Select[Any]:
    these = _CASE.key.in_(bindparam("keys", expanding=True))
    return (
        select(_CASE.key, _CASE.ruled_title, customers.stays(), _CASE.last_at, _PROFILE.traits)
        .join(schema.customer, schema.customer.c.id == _CASE.customer_id)
        .join(schema.case_profile, _PROFILE.case_key == _CASE.key, isouter=True)
        .where(these, _CASE.merged_into.is_(None) | _PROFILE.case_key.is_not(None), ~homes.asleep())
    )


def put_profiles(db: Connection, profiles: Mapping[str, Profile]) -> None:
    """Replaces what cases are weighed by."""
    if profiles:
        for chunk in chunks(profiles):
            db.execute(delete(schema.case_profile).where(_PROFILE.case_key.in_(chunk)))
        rows = [{"case_key": key, "traits": traits} for key, traits in profiles.items()]
        db.execute(schema.case_profile.insert(), rows)


def put(db: Connection, traits: Mapping[str, frozenset[Trait]]) -> None:
    """Replaces what cases can be found and weighed by."""
    forget(db, traits)
    put_profiles(db, {key: Profile.of(found) for key, found in traits.items()})
    postings.add(db, traits)


def forget(db: Connection, keys: Iterable[str]) -> None:
    """Takes away what cases can be found and weighed by."""
    for chunk in chunks(keys):
        _forget_found(db, _profiles(db, chunk))
        db.execute(delete(schema.case_profile).where(_PROFILE.case_key.in_(chunk)))


def _profiles(db: Connection, keys: Collection[str]) -> dict[str, Profile]:
    """Of no more cases than `chunks` gives at once."""
    return dict(db.execute(select(_PROFILE.case_key, _PROFILE.traits).where(_PROFILE.case_key.in_(keys))).all())


def _forget_found(db: Connection, profiles: Mapping[str, Profile]) -> None:
    """Takes away what cases can be found by; of a case so long that its profile does not tell all, by a look at every
    row."""
    from notes.traits import KEPT_OF_A_CASE  # what it imports costs time that a page can do without

    long = {key for key, traits in profiles.items() if len(traits) >= KEPT_OF_A_CASE}
    postings.forget(db, {key: traits for key, traits in profiles.items() if key not in long})
    postings.forget_long(db, long)


def forget_for_good(db: Connection, keys: Collection[str]) -> None:
    """Takes away what cases (no more than `chunks` gives at once) can be found and weighed by, and lets others be found
    again by what was borne by too many of their customer's only because of these."""
    customer_of = customers.of_cases(db, keys)
    borne: dict[str, set[Trait]] = {}
    for key, traits in _profiles(db, keys).items():
        borne.setdefault(customer_of[key], set()).update(traits)
    forget(db, keys)
    for customer, gone in borne.items():
        many = postings.forget_many(db, customer, gone)
        others = db.scalars(select(_CASE.key).where(_CASE.customer_id == customer)).all() if many else ()
        for chunk in chunks(others):
            profiles = _profiles(db, chunk)
            postings.add(db, {key: [trait for trait in many if trait in traits] for key, traits in profiles.items()})
