"""The first settings file: what has to be known, what is proposed, and the text that is written."""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from cli import moments, words
from cli.setting import Key, Shape
from cli.settings import Settings, allowed, parse
from cli.settings_keys import keys_of
from cli.words import say
from notes.errors import SettingsError, UsageError

Ask = Callable[[str, str], str]
"""Puts a question with a proposed answer (empty: none) and returns the answer."""

QUESTIONS = (
    "name", "address", "organisation", "domains", "host", "security", "port", "user", "timezone", "holidays",
)  # fmt: skip
SERVER = ("host", "security", "port", "user")
"""What is asked again when the server cannot be reached or refuses."""

NEEDED = ("address", "host")
KEY_OF = {
    "address": ("staff", "addresses"),
    "domains": ("organisation", "domains"),
    "host": ("mailbox", "host"),
    "security": ("mailbox", "security"),
    "port": ("mailbox", "port"),
    "user": ("mailbox", "user"),
    "timezone": ("", "timezone"),
}
"""The key of the settings that judges an answer."""


def refuse_existing(target: Path, *, force: bool) -> None:
    """Raises `SettingsError` when the file is there and may not be written over."""
    if target.exists() and not force:
        raise SettingsError("settings-exist", file=str(target))


def answers(given: Mapping[str, str | None], ask: Ask | None) -> dict[str, str]:
    """Every answer: as given, else asked for, else as proposed. Raises `UsageError` naming what cannot be proposed."""
    known: dict[str, str] = {}
    for name in QUESTIONS:
        said, proposal = given.get(name), _proposal(name, known)
        known[name] = said if said is not None else asked(name, proposal, ask) if ask else proposal
        if not known[name] and name in NEEDED:
            raise UsageError("init-needs", option=f"--{name}")
    return known


def asked(name: str, proposal: str, ask: Ask) -> str:
    """Asks until the answer is one that the settings take."""
    question = say(f"init.ask-{name}")
    while True:
        answer = ask(question, proposal).strip()
        wrong = _complaint(name, answer)
        if not wrong:
            return answer
        question = f"{wrong}\n{say(f'init.ask-{name}')}"


def _complaint(name: str, answer: str) -> str:
    """Why an answer cannot stand in the settings; empty when it can."""
    if not answer:
        return say("init.needed") if name in NEEDED else ""
    if name not in KEY_OF:
        return ""
    section, wanted = KEY_OF[name]
    key: Key = next(one for one in keys_of(section) if one.name == wanted)
    parts = tuple(part.strip() for part in answer.split(",") if part.strip())
    value = key.shape.take(list(parts) if key.shape is Shape.TEXTS else key.shape.read(answer))
    fits = value is not None and key.fits(value)
    return "" if fits else say("init.not-so", given=answer, allowed=allowed(key))


def _proposal(name: str, known: Mapping[str, str]) -> str:
    """What is likely, from the answers so far."""
    address = known.get("address", "")
    domain = address.rpartition("@")[2].lower()
    return {
        "domains": domain,
        "host": f"imap.{domain}" if domain else "",
        "security": "tls",
        "port": "993" if known.get("security", "tls") == "tls" else "143",
        "user": address,
        "timezone": _here(),
        "holidays": "JP" if words.language() == "ja" else "",
    }.get(name, "")


def _here() -> str:
    """This machine's zone; a machine set to UTC says nothing about its user, the language does."""
    zone = str(getattr(moments.zone(None), "key", None) or "UTC")
    return "Asia/Tokyo" if words.language() == "ja" and zone in ("UTC", "Etc/UTC") else zone


def short(known: Mapping[str, str]) -> str:
    """The staff id: the address before its `@`."""
    before = known.get("address", "").partition("@")[0]
    return "".join(char for char in before if char.isalnum() or char in "._-") or "me"


def render(known: Mapping[str, str], password: str, folders: Mapping[str, str] | None = None) -> str:
    """The file's text. `password` is the line that says where the password is; values are JSON strings, as TOML's."""
    domains = [part.strip().lower() for part in known["domains"].split(",") if part.strip()]
    name = _quoted(short(known))
    mailbox = [f"host = {_quoted(known['host'])}", f"port = {known['port']}"]
    mailbox += [f"security = {_quoted(known['security'])}", f"user = {_quoted(known['user'])}", password]
    mailbox += [f"ca_file = {_quoted(known['ca_file'])}"] if known.get("ca_file") else []
    mailbox += [f"folders = {_table(folders)}"] if folders else []
    return "\n".join(
        [
            f"language = {_quoted(words.language())}",
            f"timezone = {_quoted(known['timezone'])}",
            f"holidays = {_quoted(known['holidays'])}",
            'business_hours = "09:00-18:00"',
            "",
            "[organisation]",
            f"name = {_quoted(known['organisation'])}",
            f"domains = {_list(domains or [known['address'].rpartition('@')[2].lower()])}",
            "",
            "[[staff]]",
            f"id = {name}",
            f"name = {_quoted(known['name'] or short(known))}",
            f"addresses = {_list([known['address'].lower()])}",
            "",
            "[[mailbox]]",
            f"id = {name}",
            f"owner = {name}",
            *mailbox,
            "",
        ]
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _list(texts: Iterable[str]) -> str:
    return json.dumps(list(texts), ensure_ascii=False)


def _table(roles: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{_quoted(folder)} = {_quoted(role)}" for folder, role in roles.items()) + " }"


def check(text: str, target: Path) -> Settings:
    """The settings that would be written. Raises `SettingsError` for an answer that is not allowed."""
    return parse(text, str(target), {}, folder=target.resolve().parent)


def write(target: Path, text: str) -> None:
    """Writes a file so that only its owner can read it, whole or not at all. Raises `SettingsError`."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        beside.replace(target)
    except OSError as error:
        raise SettingsError("settings-unwritable", file=str(target), reason=error.strerror or "") from error
    finally:
        beside.unlink(missing_ok=True)
