"""Fixtures for real servers: a missing one is a skip with its reason, and a failure where `CI` is set."""

import os
from typing import NoReturn

import pytest

pytest_plugins = ("tests.dovecot", "tests.postgres")


def missing(server: str, package: str) -> NoReturn:
    """Ends the test because a server is not installed."""
    reason = f"{server} is not installed (Debian package: {package})"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
