"""The first settings file: what has to be known, what is proposed, and the text that is written."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from cli import moments, words
from cli.settings import Settings, parse
from cli.words import say
from notes.errors import SettingsError, UsageError

Ask = Callable[[str, str], str]
"""Puts a question with a proposed answer (empty: none) and returns the answer."""


def refuse_existing(target: Path, *, force: bool) -> None:
    """Raises `SettingsError` when the file is there and may not be written over."""
    if target.exists() and not force:
        raise SettingsError("settings-exist", file=str(target))


def answers(given: Mapping[str, str | None], ask: Ask | None) -> dict[str, str]:
    """Every answer: as given, else asked for, else as proposed. Raises `UsageError` naming what cannot be proposed."""
    known: dict[str, str] = {}
    for name in given:
        value = given[name]
        proposal = _proposal(name, known)
        if value is None and ask:
            value = ask(say(f"init.ask-{name.replace('_', '-')}"), proposal)
        elif value is None:
            value = proposal
        if not value and name in ("address", "host"):
            raise UsageError("init-needs", option=f"--{name}")
        known[name] = value
    return known


def _proposal(name: str, known: Mapping[str, str]) -> str:
    """What is likely, from the answers so far."""
    address = known.get("address", "")
    domain = (known.get("domains") or address.rpartition("@")[2]).split(",")[0].strip()
    security = known.get("security", "")
    return {
        "host": f"imap.{domain}" if domain else "",
        "port": "993" if security in ("tls", "") else "143",
        "security": "tls",
        "user": address,
        "password_env": f"KAWARI_{_short(known).upper().replace('-', '_').replace('.', '_')}",
        "timezone": _here(),
        "holidays": "JP" if words.language() == "ja" else "",
    }.get(name, "")


def _here() -> str:
    return str(getattr(moments.zone(None), "key", None) or "UTC")


def _short(known: Mapping[str, str]) -> str:
    """The staff id: the address before its `@`."""
    return (
        "".join(char for char in known.get("address", "").partition("@")[0] if char.isalnum() or char in "._-") or "me"
    )


def render(known: Mapping[str, str]) -> str:
    """The file's text; values are written as TOML strings, which JSON strings are."""

    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    domains = [part.strip().lower() for part in known["domains"].split(",") if part.strip()]
    short = quoted(_short(known))
    return "\n".join(
        [
            f"language = {quoted(words.language())}",
            f"timezone = {quoted(known['timezone'])}",
            f"holidays = {quoted(known['holidays'])}",
            'business_hours = "09:00-18:00"',
            "",
            "[organisation]",
            f"name = {quoted(known['organisation'])}",
            f"domains = {json.dumps(domains or [known['address'].rpartition('@')[2]], ensure_ascii=False)}",
            "",
            "[[staff]]",
            f"id = {short}",
            f"name = {quoted(known['name'] or _short(known))}",
            f"addresses = [{quoted(known['address'].lower())}]",
            "",
            "[[mailbox]]",
            f"id = {short}",
            f"owner = {short}",
            f"host = {quoted(known['host'])}",
            f"port = {known['port']}",
            f"security = {quoted(known['security'])}",
            f"user = {quoted(known['user'])}",
            f"password_env = {quoted(known['password_env'])}",
            "",
        ]
    )


def check(known: Mapping[str, str], target: Path) -> Settings:
    """The settings that would be written. Raises `SettingsError` for an answer that is not allowed."""
    return parse(render(known), str(target), {}, folder=target.resolve().parent)


def write(target: Path, text: str) -> None:
    """Writes the file so that only its owner can read it, whole or not at all. Raises `SettingsError`."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        beside.replace(target)
    except OSError as error:
        raise SettingsError("settings-unwritable", file=str(target), reason=error.strerror or "") from error
