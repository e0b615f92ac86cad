"""The settings of `[notify]`: who of us is told what, when, and by which way."""

import re
from typing import Final

from cli.setting import TS, B, Key, N, T, are_addresses, is_filled, is_long, is_port


def _is_clock(value: str) -> bool:
    return bool(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value))


def _is_address(value: str) -> bool:
    return not value or are_addresses((value,))


def _text(name: str, doc: str, example: str) -> Key:
    return Key("notify", name, T, None, doc, example, check=is_filled)


NOTIFY: Final[tuple[Key, ...]] = (
    Key("notify", "host", T, "", "the mail server (SMTP) that takes our letters", '"smtp.hokuto.example"'),
    Key("notify", "port", N, None, "default: 465, 587 with starttls, 25 with none", "465", "port", check=is_port),
    Key(
        "notify",
        "security",
        T,
        "tls",
        "tls, starttls, or none (none: this machine only)",
        '"starttls"',
        choices=("tls", "starttls", "none"),
    ),
    _text("user", "absent: nobody logs in", '"kawari"'),
    _text("password_env", "the environment variable with the password", '"KAWARI_SMTP"'),
    _text("password_file", "or a file with it", '"/etc/kawari/smtp.password"'),
    _text("password_command", "or a command that prints it", '"pass show mail/smtp"'),
    Key("notify", "keyring", B, False, "or the system's keyring (service kawari, name notify)", "true"),
    _text("ca_file", "certificates to trust instead of the system's", '"/etc/kawari/ca.pem"'),
    Key(
        "notify",
        "sender",
        T,
        "",
        "from which address the letters come; one of ours",
        '"kawari@hokuto.example"',
        "address",
        check=_is_address,
    ),
    Key(
        "notify",
        "team",
        TS,
        (),
        "who hears when nothing moves; addresses of ours",
        '["support@hokuto.example"]',
        "addresses",
        check=are_addresses,
    ),
    _text(
        "channels_env",
        "the environment variable with URLs of chats and web hooks for the team (apprise)",
        '"KAWARI_CHANNELS"',
    ),
    _text("channels_file", "or a file with them", '"/etc/kawari/channels"'),
    Key(
        "notify",
        "digest",
        T,
        "08:30",
        "when everybody hears on business days what is theirs",
        '"08:30"',
        "clock",
        check=_is_clock,
    ),
    Key(
        "notify",
        "escalate_after",
        T,
        "2h",
        "working hours after which the team hears of what is urgent",
        '"2h"',
        "hours-long",
        check=is_long,
    ),
)
