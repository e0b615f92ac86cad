"""How exactly mails are threaded: dovecot's imaptest scripts, J. Zawinski's pile, notmuch's corpora.

Both imaptest and JWZ join threads of equal bare subjects too; that is their policy and not ours (`notes.threads` knows
links only, `notes.cases` weighs subjects), so the measuring adds it (`_by_subject`) for their sets. What then differs:

* imaptest `thread`: References that contradict each other; JWZ tears one mail away, here (as in notmuch) a link is one.
* imaptest `thread2`: two mails of one Message-ID are apart there, here the same thread.
* imaptest `orderedsubject`: there, mails without a subject are one thread. No mail is tied to another by that here.
* JWZ loses mails whose references go round in a loop without a root (`Loop1` to `Loop3`, `Loop7` to `Loop10`); they
  are threads here. So his figure is the share of his threads that come out.

After an expunge (not measured) imaptest asks to forget a link; a diary does not forget.
"""

import json
import mailbox
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from ingest.body import divide
from ingest.parse import parse
from notes import cases, threads
from notes.customers import CustomerDecision
from notes.model import Directory, Message
from notes.profiles import Profile
from tools.accuracy import Figure

Groups = Iterable[Iterable[str]]
_NOTMUCH = ("default", "lkml", "threading", "broken", "protected-headers", "duplicate")


def figures(corpora: Path) -> list[Figure]:
    """Share of scripts and corpora grouped exactly; and pairwise F1 with a third of the references lost."""
    folder = corpora / "threads"
    scripts = list(_imaptest(folder / "imaptest"))
    jwz = list(_jwz(folder / "jwz" / "jwz_threading.json"))
    exact = [partition(linked(mails)) == partition(truth) for mails, truth in _notmuch(folder / "notmuch", _NOTMUCH)]
    lost = [
        f1(_mended(_forgetful(mails, 0.3)), truth) for mails, truth in _notmuch(folder / "notmuch", ("default", "lkml"))
    ]
    return [
        Figure("threads: imaptest scripts", sum(scripts) / len(scripts), len(scripts), 0.7),
        Figure("threads: jwz", sum(jwz) / len(jwz), len(jwz), 1.0),
        Figure("threads: notmuch corpora", sum(exact) / len(exact), len(exact), 1.0),
        Figure("threads: 30 % of references lost, F1", sum(lost) / len(lost), len(lost), 0.85),
    ]


def partition(groups: Groups) -> set[frozenset[str]]:
    """Groups for comparing, whatever their order."""
    return {frozenset(group) for group in groups}


def linked(mails: Sequence[tuple[str, Message]]) -> list[list[str]]:
    """Names of mails grouped by links alone."""
    return threads.group((name, threads.ids(message)) for name, message in mails)


def f1(got: Groups, truth: Groups) -> float:
    """Harmonic mean of precision and recall over pairs of mails."""
    mine, real = _pairs(got), _pairs(truth)
    return 2 * len(mine & real) / max(1, len(mine) + len(real))


def _pairs(groups: Groups) -> set[frozenset[str]]:
    return {frozenset(pair) for group in groups for pair in combinations(sorted(set(group)), 2)}


def _by_subject(groups: list[list[str]], mails: Sequence[tuple[str, Message]]) -> list[list[str]]:
    """Groups with the same bare subject of their first mail joined: RFC 5256, section 3, step 5."""
    subjects = {name: threads_subject(message.subject) for name, message in mails}
    first: dict[str, str] = {}
    links = [(name, [group[0]]) for group in groups for name in group]
    links += [(group[0], [first.setdefault(subject, group[0])]) for group in groups if (subject := subjects[group[0]])]
    return threads.group(links)


def threads_subject(subject: str) -> str:
    """The base subject as RFC 5256, section 2.1, has it: our stem, without `(fwd)` at its end and `[fwd: …]` around."""
    text = cases.stem(subject)
    for _ in range(10):
        before, text = text, re.sub(r"\s*\(fwd\)$", "", text).strip()
        inner = re.fullmatch(r"\[fwd:(.*)\]", text)
        text = cases.stem(inner[1]) if inner else text
        if text == before:
            break
    return text


def _imaptest(folder: Path) -> Iterator[bool]:
    """Whether the first grouping of each THREAD script comes out."""
    for script in sorted(folder.glob("thread*")):
        answer = re.search(r"^\* thread (.*)$", script.read_text("utf-8", "replace"), re.IGNORECASE | re.MULTILINE)
        if script.suffix or not answer:
            continue
        truth = [re.findall(r"\d+", part) for part in _top_level(answer[1])]
        count = max(int(number) for group in truth for number in group)
        raws = [mail.as_bytes() for mail in mailbox.mbox(script.with_suffix(".mbox"))][:count]
        mails = [(str(number), parse(b"From: a@b.example\n" + raw)) for number, raw in enumerate(raws, 1)]
        mails = [(name, message if message.message_id else replace(message, ref=name)) for name, message in mails]
        groups = [[name] for name, _ in mails] if "ordered" in script.name else linked(mails)
        yield partition(_by_subject(groups, mails)) == partition(truth)


def _top_level(text: str) -> Iterator[str]:
    depth, start = 0, 0
    for place, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == ")" and depth == 0:
            yield text[start : place + 1]
            start = place + 1


def _jwz(path: Path) -> Iterator[float]:
    """Share of each tree's threads that come out: mails bear no names there, so threads are compared by subjects."""
    for case in json.loads(path.read_text("utf-8"))["cases"]:
        mails = [
            (str(each["n"]), [each["message_id"], *each["references"]], each.get("subject") or "")
            for each in case["messages"]
        ]
        ordered = case["algorithm"] == "ORDEREDSUBJECT"
        groups = threads.group((name, () if ordered else ids) for name, ids, _ in mails)
        subjects = {name: subject for name, _, subject in mails}
        first: dict[str, str] = {}
        links = [(name, [group[0]]) for group in groups for name in group]
        links += [(g[0], [first.setdefault(base, g[0])]) for g in groups if (base := threads_subject(subjects[g[0]]))]
        got = Counter(tuple(sorted(subjects[name] for name in group)) for group in threads.group(links))
        want = Counter(tuple(sorted(group)) for group in _trees(case["expected_tree"]))
        yield (got & want).total() / want.total()


def _trees(lines: Sequence[str]) -> Iterator[list[str]]:
    tree: list[str] = []
    for line in lines:
        if tree and not line.startswith(" "):
            yield [each for each in tree if each != "dummy"]
            tree = []
        tree.append(line.strip())
    yield [each for each in tree if each != "dummy"]


def _notmuch(folder: Path, names: Iterable[str]) -> Iterator[tuple[list[tuple[str, Message]], list[list[str]]]]:
    """Each corpus's mails by path, and their threads."""
    known = json.loads((folder / "header_threads.json").read_text("utf-8"))
    for name in names:
        mails: list[tuple[str, Message]] = []
        truth: dict[str, list[str]] = {}
        for path, thread in known[name]["thread_of"].items():
            mails.append((path, parse((folder / path).read_bytes())))
            truth.setdefault(thread, []).append(path)
        yield mails, list(truth.values())


def _forgetful(mails: Sequence[tuple[str, Message]], share: float) -> list[tuple[str, Message]]:
    """The mails, a share of them without In-Reply-To and References (always the same ones)."""
    dice = random.Random(20260101)  # noqa: S311 - to repeat a measurement, not to keep a secret
    bare = {name for name, _ in mails if dice.random() < share}
    return [
        (name, replace(message, in_reply_to=(), references=()) if name in bare else message) for name, message in mails
    ]


def _mended(mails: Sequence[tuple[str, Message]]) -> list[list[str]]:
    """Grouped by links where there are any, and by what `notes.cases` finds in common where there are none."""
    nobody = Directory()
    opened: dict[str, cases.Candidate] = {}
    key_of: dict[str, str] = {}
    groups = linked(mails)
    group_of = {name: number for number, group in enumerate(groups) for name in group}
    links: list[tuple[str, list[str]]] = [(name, [group[0]]) for group in groups for name in group]
    for name, bare in sorted(mails, key=lambda mail: mail[1].date):
        message = replace(bare, zones=divide(bare.text, bare.subject, bare.sender))
        found = cases.traits(message, nobody)
        key = key_of.get(str(group_of[name]))
        if key is None:
            decision = CustomerDecision(None, asks=(None,))
            asked = cases.lookups(message, found, None)
            shared = [case for case in opened.values() if not case.traits.isdisjoint(asked)]
            choice = cases.choose(message, decision, shared, directory=nobody, found=found)
            key = choice.key or name
            if choice.key:
                links.append((name, [choice.key]))
        key_of[str(group_of[name])] = key
        case = opened.get(key) or cases.Candidate(key, message.subject, "", message.date, Profile())
        opened[key] = replace(case, last_at=max(case.last_at, message.date), traits=case.traits.plus(Profile.of(found)))
    return threads.group(links)
