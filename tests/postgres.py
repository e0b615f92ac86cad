"""A throw-away PostgreSQL cluster for a test session (Debian's package), run by `nobody` when root runs the tests."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import missing

_DEADLINE_SECONDS = 60


def _programs() -> Path | None:
    """The folder with `initdb` and `postgres`: newest Debian version, else what the PATH has."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _as_user() -> dict[str, Any]:
    """How a subprocess is started: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until the server takes connections."""
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        if "ready to accept connections" in log.read_text(errors="replace"):
            return
        time.sleep(0.05)
    pytest.fail(f"PostgreSQL did not start on port {port}:\n{log.read_text(errors='replace')[-2000:]}")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of the cluster's own database; every test makes one of its own beside it."""
    programs = _programs()
    if programs is None:
        missing("PostgreSQL", "postgresql")
    user = _as_user()
    with tempfile.TemporaryDirectory(prefix="kawari-pg-", dir="/tmp") as name:
        home = Path(name)
        if user:
            os.chown(home, user["user"], user["group"])
        subprocess.run(
            [programs / "initdb", "-D", home / "data", "-U", "kawari", "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True,
            cwd=home,
            stdout=subprocess.DEVNULL,
            **user,
        )
        port, log = _free_port(), home / "log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [programs / "postgres", "-D", home / "data", "-k", home, "-h", "127.0.0.1", "-p", str(port), "-F"],
                cwd=home,
                stdout=output,
                stderr=output,
                **user,
            )
        try:
            _wait(server, port, log)
            yield f"postgresql+psycopg://kawari@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(_DEADLINE_SECONDS)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of an empty database of the test's own."""
    from sqlalchemy import create_engine, make_url, text

    server = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    name = f"test_{time.monotonic_ns()}"
    with server.connect() as db:
        db.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    with server.connect() as db:
        db.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()
