"""What a provider means by refusing a token: its error (RFC 6749, section 5.2; RFC 8628, section 3.5) or, more exactly,
the number in Microsoft's words, as the code of a sentence that says who must do what. Its own words come along."""

import re
from collections.abc import Mapping
from typing import Final

from notes.errors import MailboxError

SIGN_IN_AGAIN: Final = "mailbox-sign-in-ended"
UNREACHABLE: Final = "mailbox-provider-unreachable"

LASTING: Final = frozenset(
    {
        "mailbox-sign-in-missing", SIGN_IN_AGAIN, "mailbox-sign-in-consent", "mailbox-sign-in-confirm",
        "mailbox-sign-in-policy", "mailbox-sign-in-account", "mailbox-sign-in-declined", "mailbox-sign-in-late",
        "mailbox-sign-in-refused", "mailbox-app-refused", "mailbox-app-secret", "mailbox-token-refused",
        "mailbox-no-oauth", "mailbox-tokens-unusable",
    }
)  # fmt: skip
"""The failures of a sign-in that no retry mends: somebody has to do something."""

_MAX_SAID = 300
_NUMBER = re.compile(r"\bAADSTS(\d{4,8})\b")
_FOR_SUPPORT = re.compile(r"\s*\b(Trace ID|Correlation ID|Timestamp):.*", re.DOTALL)

_ERRORS: Final[Mapping[str, str]] = {
    "invalid_grant": SIGN_IN_AGAIN,
    "interaction_required": "mailbox-sign-in-confirm",
    "login_required": "mailbox-sign-in-confirm",
    "consent_required": "mailbox-sign-in-consent",
    "admin_policy_enforced": "mailbox-sign-in-consent",
    "org_internal": "mailbox-sign-in-consent",
    "access_denied": "mailbox-sign-in-declined",
    "authorization_declined": "mailbox-sign-in-declined",
    "expired_token": "mailbox-sign-in-late",
    "code_expired": "mailbox-sign-in-late",
    "invalid_client": "mailbox-app-refused",
    "unauthorized_client": "mailbox-app-refused",
    "unsupported_grant_type": "mailbox-app-refused",
    "unsupported_response_type": "mailbox-app-refused",
    "redirect_uri_mismatch": "mailbox-app-refused",
    "invalid_scope": "mailbox-app-refused",
    "invalid_request": "mailbox-app-refused",
    "invalid_resource": "mailbox-app-refused",
    "temporarily_unavailable": UNREACHABLE,
    "server_error": UNREACHABLE,
    "slow_down": UNREACHABLE,
    "rate_limit_exceeded": UNREACHABLE,
}

# https://learn.microsoft.com/entra/identity-platform/reference-error-codes
_NUMBERS: Final[Mapping[str, str]] = {
    number: code
    for code, numbers in {
        SIGN_IN_AGAIN: "50078 50089 50132 50133 50173 54005 70008 70043 700081 700082 700084",
        "mailbox-sign-in-confirm": "16000 50058 50072 50074 50076 50079 50158",
        "mailbox-sign-in-policy": "50097 53000 53001 53002 53003 53004 53011 530032 530033 530034 530035",
        "mailbox-sign-in-consent": "65001 90008 90093 90094 90095 650051 650052 650056 650057 7000110",
        "mailbox-sign-in-declined": "65004",
        "mailbox-sign-in-account": "50020 50034 50053 50055 50057 50105 50126 50144 51004",
        "mailbox-app-refused": "50011 50059 70001 70011 70002 90002 90013 90023 900023 900144 700016 700025 700027"
        " 700030 7000112 7000114 7000215 7000216 7000218 7000222 9002313 9002326 9002327",
        UNREACHABLE: "50196 90006 90033 90055",
    }.items()
    for number in numbers.split()
}


def refusal(mailbox: str, host: str, error: str, description: str, *, signed_in: bool) -> MailboxError:
    """The error for a provider's `error` and `error_description`; `signed_in`: it had granted tokens before."""
    number = _NUMBER.search(description)
    code = _NUMBERS.get(number[1]) if number else None
    code = code or _ERRORS.get(error, "mailbox-sign-in-refused")
    if code == SIGN_IN_AGAIN and not signed_in:
        code = "mailbox-sign-in-refused"
    return MailboxError(code, mailbox=mailbox, host=host, said=readable(description) or readable(error))


def readable(text: str) -> str:
    """A provider's words on one line, without what only its support can read."""
    plain = _FOR_SUPPORT.sub("", text[: 8 * _MAX_SAID])
    return " ".join("".join(char if char.isprintable() else " " for char in plain).split())[:_MAX_SAID]
