"""Why a mail is where it is, as text and as JSON: the rule that decided in words, its evidence, what came second."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from cli.as_json import iso
from cli.columns import flow, wrap
from cli.paper import Paper
from cli.reasons import Beside, Reasons
from cli.render_decisions import sentence
from cli.render_lists import why as unfiled_words
from cli.render_words import coded, name_of, one_line, rule_words
from cli.words import known, say
from notes.doubts import doubtful_case
from notes.model import SUGGESTING, Correction, Joined
from notes.shared import Shared

_TOGETHER = ("topic", "word", "person")
"""Kinds of evidence of which several are said in one breath."""

_INDENT = 2

_FOUND = frozenset({"address", "domain", "recipient", "thread", "named", *SUGGESTING})
"""Rules that find a customer by the people of a mail, or by what it answers."""


def lines(one: Reasons, names: Mapping[str, str], paper: Paper, now: datetime) -> list[str]:
    """The mail, its case, what came second, its customer, and what people corrected."""
    filed = one.filed
    number = f"[#{one.joined.numbers[filed.ref]}]" if one.joined else ""
    head = (number, paper.when(filed.at, now), name_of(filed.sender), one_line(filed.subject))
    parts = [
        (None, [paper.paint(line, "bold") for line in flow((part for part in head if part), paper.columns, "  ")]),
        ("why.case", list(_case(one, paper)) if one.joined else []),
        ("why.nobody", list(_nobody(one, paper)) if not one.joined else []),
        ("why.second", list(_second(one, paper))),
        ("why.customer", list(_customer(one, paper))),
        ("why.corrections", [line for each in one.corrections for line in _correction(each, names, paper, now)]),
    ]
    found: list[str] = []
    for title, body in parts:
        found += ["", paper.heading(say(title))] if title and body else []
        found += body
    return found


def _case(one: Reasons, paper: Paper) -> Iterator[str]:
    beside, joined = one.joined, one.filed.joined
    if beside is None:
        return
    yield from _inset(f"{beside.case.key}  {one_line(beside.case.title)}", paper)
    by_person = one.by_person
    reason = coded("joined", "person" if by_person else joined.rule)
    answered = beside.numbers.get(one.answers or "")
    source = f" [#{answered}]" if answered and joined.rule == "thread" else ""
    yield from _inset(reason if by_person else _scored(f"{reason}{source}", joined.score), paper)
    if (doubtful_case(joined, beside.case.key) or one.suggestion) and not by_person:
        yield from _inset(paper.paint(say("why.doubtful"), "yellow"), paper)
    if one.ruled:
        yield from _inset(say("why.ruled", case=one.ruled), paper)
    yield from _evidence(beside, paper)
    if not one.whole and not by_person:
        yield from _inset(say("why.no-bytes"), paper)


def _second(one: Reasons, paper: Paper) -> Iterator[str]:
    if one.second:
        case, score = one.second.case, one.filed.joined.runner_up_score
        yield from _inset(_scored(f"{case.key}  {one_line(case.title)}", score), paper)
        yield from _evidence(one.second, paper)


def _evidence(beside: Beside, paper: Paper) -> Iterator[str]:
    together = [one for one in beside.shared if one.kind in _TOGETHER]
    for one in beside.shared:
        if one.kind not in _TOGETHER:
            where = " ".join(f"#{beside.numbers[ref]}" for ref in one.refs[:5])
            yield from _inset(f"- {_piece(one.kind, one.value)} [{where}]", paper)
    for kind in _TOGETHER:
        values = [one.value for one in together if one.kind == kind]
        if values:
            yield from _inset(f"- {_piece(kind, ', '.join(values))}", paper)


def _piece(kind: str, value: str) -> str:
    return say(f"shared.{kind}", value=one_line(value))


def _customer(one: Reasons, paper: Paper) -> Iterator[str]:
    joined, customer = one.filed.joined, one.customer
    if customer is None:
        return
    yield from _inset(f"{customer.id}  {one_line(customer.name)}", paper)
    if joined.customer_rule:
        yield from _inset(_of_customer(joined, of_another=one.of_another), paper)
    if one.suggestion:
        address = one.suggestion.address
        dashes = ["--"] if address.startswith("-") else []
        yield from _inset(say("why.suggestion", address=one_line(address)), paper)
        for verb in ("alias", "unalias"):
            yield f"    {paper.command('customer', verb, customer.id, *dashes, address)}"


def _of_customer(joined: Joined, *, of_another: bool) -> str:
    """What decided on the customer: the people in the mail, or else the case where its matter was found, or where a
    person put it."""
    rule = joined.customer_rule
    if not of_another and (rule in _FOUND or (rule == "new" and joined.rule in ("first", "new"))):
        return _scored(rule_words(rule), joined.customer_score)
    own = known(f"customer-rule.{rule}")
    return say("why.by-case", reason=rule_words(rule) if own else unfiled_words(rule))


def _nobody(one: Reasons, paper: Paper) -> Iterator[str]:
    yield from _inset(unfiled_words(one.reason), paper)
    if one.reason == "ignored":
        yield from _inset(say("why.ignored", address=one_line(one.filed.sender.address)), paper)
        return
    yield from _inset(say("why.to-file"), paper)
    if one_line(one.filed.ref) == one.filed.ref:  # one with odd signs cannot be typed
        whose = ("--customer", name_of(one.filed.sender)) if one.reason != "internal" else ("--to", "CASE")
        yield f"    {paper.command('unfiled', one.filed.ref, *whose)}"
    address = one.filed.sender.address
    if address and one.reason != "internal":
        yield from _inset(say("why.to-file-all", address=one_line(address)), paper)
        yield f"    {paper.command('customer', 'alias', 'CUSTOMER', *(['--'] if address[0] == '-' else []), address)}"


def _correction(made: Correction, names: Mapping[str, str], paper: Paper, now: datetime) -> Iterator[str]:
    who = one_line(names.get(made.who, made.who)) or say("page.somebody")
    yield from _inset(f"{paper.when(made.at, now)}  {who}: {sentence(made, '', names, paper, now)}", paper)


def _scored(text: str, score: float) -> str:
    return say("page.joined", reason=text, score=f"{score:.2f}")


def _inset(text: str, paper: Paper) -> Iterator[str]:
    yield from (f"{' ' * _INDENT}{line}" for line in wrap(text, paper.columns - _INDENT))


def as_json(one: Reasons) -> dict[str, Any]:
    """`why`."""
    filed, joined = one.filed, one.filed.joined
    case = one.joined.case if one.joined else None
    return {
        "ref": filed.ref,
        "at": iso(filed.at),
        "from": {"name": filed.sender.name, "address": filed.sender.address},
        "subject": filed.subject,
        "case": {
            "key": case.key,
            "title": case.title,
            "number": one.joined.numbers[filed.ref],
            "rule": "person" if one.by_person else joined.rule,
            "score": 1.0 if one.by_person else joined.score,
            "doubtful": not one.by_person and (doubtful_case(joined, case.key) or one.suggestion is not None),
            "answers": one.answers,
            "by_the_rules": one.ruled,
            "shared": [_shared(each) for each in one.joined.shared],
        }
        if case and one.joined
        else None,
        "second": {
            "key": one.second.case.key,
            "title": one.second.case.title,
            "score": joined.runner_up_score,
            "shared": [_shared(each) for each in one.second.shared],
        }
        if one.second
        else None,
        "customer": {
            "id": one.customer.id,
            "name": one.customer.name,
            "rule": joined.customer_rule,
            "score": joined.customer_score,
            "suggestion": one.suggestion.address if one.suggestion else None,
        }
        if one.customer
        else None,
        "unfiled": None if case else {"reason": one.reason},
        "corrections": [_correction_json(each) for each in one.corrections],
        "whole": one.whole,
    }


def _shared(one: Shared) -> dict[str, Any]:
    return {"kind": one.kind, "value": one.value, "in": list(one.refs)}


def _correction_json(made: Correction) -> dict[str, Any]:
    return {
        "id": made.id,
        "at": iso(made.at),
        "who": made.who,
        "kind": made.kind,
        "target": made.target,
        "value": dict(made.value),
    }
