"""The words that detect, as data: `ja.toml`, `en.toml`, weak signs of promises in `leaning.toml`, what follows promises
in `following.toml`, and a user's own file of the same form, which beats ours.

A file holds groups (`commit`, `request`, `negated` …), a group holds named rules, a rule a score and its words. Words
are regular expressions matched against one sentence in compatibility form (NFKC) with straight apostrophes; Latin
letters match in either case. A user writes, for instance::

    [commit.mine]
    words = ["お納めします"]
    [never.mine]
    words = ["メルマガ"]
"""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import TypeGuard

from notes.errors import SettingsError
from notes.phrases.needles import Index
from notes.phrases.wordlists import as_trees

SHIPPED = ("ja", "en", "leaning", "following")
NOTHING = r"(?!)"
KIND, KINDS = "kind-", "kinds"
MOST_FOUND = 10_000
TEXTS_AT_HAND = 1_000
UNASKED = "unasked"
Table = dict[str, object]


@cache
def compiled(words: str) -> re.Pattern[str]:
    """A pattern, compiled when it is first needed: a command that judges nothing pays for none."""
    return re.compile(as_trees(words), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One named rule of a group: `each` of its patterns, and all as one (`words`); `own` when it is the user's."""

    name: str
    score: float
    words: str
    own: bool = False
    each: tuple[str, ...] = ()

    @property
    def pattern(self) -> re.Pattern[str]:
        """The rule's words as one pattern."""
        return compiled(self.words)


@dataclass(frozen=True)
class Phrases:
    """All rules by group, the user's own first; `words` joins a group's into one pattern's text."""

    groups: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    _found: dict[tuple[str, str], Rule | None] = field(default_factory=dict, compare=False, repr=False)
    _indexes: dict[str, tuple[Index, list[tuple[Rule, str]]]] = field(default_factory=dict, compare=False, repr=False)

    def __reduce__(self) -> tuple[type["Phrases"], tuple[dict[str, tuple[Rule, ...]], dict[str, str]]]:
        """For another process: the rules alone, not what was found by them."""
        return Phrases, (self.groups, self.words)

    def whole(self, group: str) -> re.Pattern[str]:
        """A group as one pattern; one that matches nothing where there is no such group."""
        return compiled(self.words.get(group, NOTHING))

    def has(self, group: str, text: str) -> bool:
        """Whether any rule of a group matches."""
        return self.find(group, text) is not None

    def find(self, group: str, text: str) -> Rule | None:
        """The first rule of a group that matches; the same sentence is asked about for every promise of a case."""
        asked = (group, text)
        found = self._found.get(asked, UNASKED)
        if isinstance(found, str):
            found = self._first(group, text)
            if len(self._found) >= MOST_FOUND:
                self._found.clear()
            self._found[asked] = found
        return found

    def _first(self, group: str, text: str) -> Rule | None:
        index, patterns = self._index(group)
        for number in index.may_match(text):
            rule, words = patterns[number]
            if compiled(words).search(text):
                return rule
        return None

    def all_of(self, group: str, text: str) -> Iterator[Rule]:
        """The rules of a group that match, in order."""
        last: Rule | None = None
        index, patterns = self._index(group)
        for number in index.may_match(text):
            rule, words = patterns[number]
            if rule is not last and compiled(words).search(text):
                last = rule
                yield rule

    def may_have(self, group: str, text: str) -> bool:
        """Whether a rule of a group can match some part of a text: quickly told, and often wrong."""
        return bool(self._index(group)[0].may_match(text))

    def _index(self, group: str) -> tuple[Index, list[tuple[Rule, str]]]:
        if group not in self._indexes:
            patterns = [(rule, words) for rule in self.groups.get(group, ()) for words in rule.each]
            self._indexes[group] = Index([words for _, words in patterns]), patterns
        return self._indexes[group]

    @cached_property
    def own(self) -> bool:
        """Whether a user's own rules are among them."""
        return any(rule.own for rules in self.groups.values() for rule in rules)

    def find_own(self, group: str, text: str) -> Rule | None:
        """The first of a user's own rules of a group that matches."""
        return next((one for one in self.groups.get(group, ()) if one.own and one.pattern.search(text)), None)

    def kinds(self, text: str) -> set[str]:
        """The kinds of things a text names, by their groups: `kind-quote`, `kind-drawing` …"""
        index, groups = self._kinds
        named = {groups[number] for number in index.may_match(text)}
        if len(named) < 2:  # nearly always: many words then need not be tried at every letter
            return {group for group in named if self.whole(group).search(text)}
        found = (one.lastgroup for one in self.whole(KINDS).finditer(text))
        return {group.replace("_", "-") for group in found if group}

    @cached_property
    def _kinds(self) -> tuple[Index, list[str]]:
        """The words of all kinds of things, and the group of each."""
        rules = [(group, rule) for group, each in self.groups.items() if group.startswith(KIND) for rule in each]
        words = [(group, one) for group, rule in rules for one in rule.each]
        return Index([one for _, one in words]), [group for group, _ in words]

    def last(self, group: str, text: str) -> int:
        """Where the last match of a group ends in a text, or 0."""
        if not self.may_have(group, text):
            return 0
        return max((found.end() for found in self.whole(group).finditer(text)), default=0)

    def blanked(self, group: str, text: str) -> str:
        """A text with blanks for all matches of a group: every other sign stays where it is."""
        if not self.may_have(group, text):
            return text
        return self.whole(group).sub(lambda found: " " * len(found[0]), text)

    def without(self, group: str, text: str) -> str:
        """A text with all matches of a group blanked out."""
        return self.whole(group).sub(" ", text) if self.may_have(group, text) else text


@lru_cache(TEXTS_AT_HAND)
def plain(text: str) -> str:
    """A sentence as the words are matched against: NFKC, straight apostrophes, also where a hurried writer leaves them
    out ("ill call you"), single spaces."""
    folded = unicodedata.normalize("NFKC", text).replace("\u2019", "'").replace("\u2018", "'")
    return re.sub(r"\s+", " ", _WITHOUT_APOSTROPHE.sub(_with_apostrophe, folded)).strip()


# "ill" is one who ails, too: only where a clause begins it is none.
_WITHOUT_APOSTROPHE = re.compile(
    r"((?:^|[.,;:!?()]|\b(?:and|so|but|then|now|ok|okay|yes|no|sorry|thanks)\b)\s*)(i)(ll)(?=\s[a-z]+\b)"
    r"|(?<=(?-i:er|im|em|nd|at|so|id) )(?-i:(i)(d))(?=\s(?:be|bring|call|ring|send|come|get|have|let|look|pop|drop"
    r"|do|give|go|ask"
    r"|check|make|take|try|see|say|put|nip|fix|sort|swap|fit|e?mail|pick|chase|find|quote|price)\b)"
    r"|\b(?:(they|you|it|that)(ll)|(i)(m)(?=\s(?-i:[a-z]))|(i|you|they)(ve)"
    r"|((?:does|did|is|was|has|have|would|could|should|do|ca)n)(t))\b",
    re.IGNORECASE,
)


def _with_apostrophe(found: re.Match[str]) -> str:
    *stem, rest = (part for part in found.groups() if part is not None)
    return f"{''.join(stem)}'{rest}"


def load(extra: Mapping[str, str] | None = None) -> Phrases:
    """The shipped words, and a user's own in front: `extra` are texts of TOML files of the same form by their names.

    Raises SettingsError, each with the `file`: `phrases-unreadable` (value `reason`; TOML syntax), `phrases-group`
    (`group`, `near`; there is no such group), `phrases-form` (`group`; not groups of rules with words) or
    `phrases-pattern` (`group`, `words`, `reason`; a regular expression).
    """
    if not extra:
        return _shipped()
    known = _shipped().groups
    return _compile([_own(file, text, known) for file, text in extra.items()], _tables())


@cache
def _shipped() -> Phrases:
    return _compile([], _tables())


def _tables() -> list[Table]:
    package = files(__name__)
    return [tomllib.loads(package.joinpath(f"{name}.toml").read_text("utf-8")) for name in SHIPPED]


def _own(file: str, text: str, known: Collection[str]) -> Table:
    """A user's file, tried out at once: a mistake in it is told before any mail is read."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("phrases-unreadable", file=file, reason=str(error)) from None
    for group, rules in table.items():
        if group not in known:
            raise SettingsError("phrases-group", file=file, group=group, near=_near(group, known))
        try:
            made = _rules(group, rules, own=True)
        except SettingsError as error:
            raise SettingsError(error.code, file=file, **error.values) from None
        for rule in made:
            _try_out(rule, group, file)
    return table


def _near(group: str, known: Collection[str]) -> str:
    from difflib import get_close_matches

    return ", ".join(get_close_matches(group, known, n=3, cutoff=0.5) or ("commit", "never", "ask-info"))


def _try_out(rule: Rule, group: str, file: str) -> None:
    for words in rule.each:
        try:
            re.compile(f"(?:{NOTHING})|(?:{words})")
        except re.error as error:
            where = f"{group}.{rule.name}"
            raise SettingsError("phrases-pattern", file=file, group=where, words=words, reason=str(error)) from None


def _compile(own: list[Table], shipped: list[Table]) -> Phrases:
    groups: dict[str, list[Rule]] = {}
    for table, is_own in [*((table, True) for table in own), *((table, False) for table in shipped)]:
        for group, rules in table.items():
            groups.setdefault(group, []).extend(_rules(group, rules, is_own))
    words = {group: "|".join(rule.words for rule in rules) for group, rules in groups.items()}
    kinds = (f"(?P<{group.replace('-', '_')}>{one})" for group, one in words.items() if group.startswith(KIND))
    words[KINDS] = "|".join(kinds) or NOTHING
    return Phrases({group: tuple(rules) for group, rules in groups.items()}, words)


def _rules(group: str, rules: object, own: bool) -> list[Rule]:
    if not isinstance(rules, dict):
        raise SettingsError("phrases-form", group=group)
    made = []
    for name, rule in rules.items():
        words = rule.get("words") if isinstance(rule, dict) else None
        score = rule.get("score", 1.0 if own else 0.8) if isinstance(rule, dict) else None
        if not _are_words(words) or not isinstance(score, int | float):
            raise SettingsError("phrases-form", group=f"{group}.{name}")
        joined = "|".join(f"(?:{word})" for word in words)
        made.append(Rule(name, float(score), joined, own, tuple(words)))
    return made


def _are_words(words: object) -> TypeGuard[list[str]]:
    return isinstance(words, list) and bool(words) and all(isinstance(word, str) for word in words)
