"""The settings of `[notify]`: who of us is told what, when, and by which way."""

import re
from typing import Final

from cli.setting import Key, Shape, are_addresses, is_filled, is_long

T, N, B, TS = Shape.TEXT, Shape.NUMBER, Shape.YES_NO, Shape.TEXTS


def _is_port(value: int) -> bool:
    return 0 < value < 65536


def _is_clock(value: str) -> bool:
    return bool(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value))


def _is_address(value: str) -> bool:
    return not value or are_addresses((value,))


def _key(name: str, shape: Shape, default: object, doc: str, example: str, allowed: str = "") -> Key:
    return Key("notify", name, shape, default, doc, example, allowed, check=is_filled if shape is T else lambda _: True)


NOTIFY: Final[tuple[Key, ...]] = (
    Key("notify", "host", T, "", "the mail server (SMTP) that takes our letters", '"smtp.hokuto.example"'),
    Key("notify", "port", N, None, "default: 465, 587 with starttls, 25 with none", "465", "port", check=_is_port),
    Key(
        "notify",
        "security",
        T,
        "tls",
        "tls, starttls, or none (none: this machine only)",
        '"starttls"',
        choices=("tls", "starttls", "none"),
    ),
    _key("user", T, None, "absent: nobody logs in", '"kawari"'),
    _key("password_env", T, None, "the environment variable with the password", '"KAWARI_SMTP"'),
    _key("password_file", T, None, "or a file with it", '"/etc/kawari/smtp.password"'),
    _key("password_command", T, None, "or a command that prints it", '"pass show mail/smtp"'),
    Key("notify", "keyring", B, False, "or the system's keyring (service kawari, name notify)", "true"),
    _key("ca_file", T, None, "certificates to trust instead of the system's", '"/etc/kawari/ca.pem"'),
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
    _key(
        "channels_env",
        T,
        None,
        "the environment variable with URLs of chats and web hooks for the team (apprise)",
        '"KAWARI_CHANNELS"',
    ),
    _key("channels_file", T, None, "or a file with them", '"/etc/kawari/channels"'),
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
