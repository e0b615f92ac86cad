"""A private Dovecot on loopback, as a pytest plugin: any user, one password, plain, STARTTLS and TLS.

Started once a session. Every test takes a user of its own, so none sees another's mail. Under root the mail belongs to
`nobody`; otherwise every process of the server runs as whoever runs the tests, without chroot.
"""

import base64
import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import imapclient  # type: ignore[import-untyped]  # as in ingest/imap.py
import pytest

from tests.conftest import missing

AT_ONCE = 200
PASSWORD = "orchid-7-lantern"
_START_SECONDS = 15.0

_CONF = """
base_dir = {root}/run
state_dir = {root}/state
instance_name = kawari-{port}
log_path = {root}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{root}/cert.pem
ssl_key = <{root}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:{root}/home/%u/Maildir
mail_fsync = never
mail_max_userip_connections = 50
{users}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/home/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Gesendet {{
    special_use = \\Sent
  }}
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  {chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  {chroot}
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server. `ca_file` holds its certificate, which nobody else vouches for."""

    root: Path
    port: int
    tls_port: int
    password: str = PASSWORD
    _names: Iterator[int] = field(default_factory=count)

    @property
    def ca_file(self) -> Path:
        """Trust this file to trust the server."""
        return self.root / "cert.pem"

    def user(self) -> str:
        """A user nobody has used yet."""
        return f"user{next(self._names)}"

    @contextmanager
    def client(self, user: str) -> Iterator[imaplib.IMAP4]:
        """A connection that may write: what the customer, the phone and the mail program do to a mailbox."""
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=20) as client:
            client.login(user, self.password)
            yield client

    def deliver(self, user: str, mails: Sequence[bytes], folder: str = "INBOX", at: datetime | None = None) -> None:
        """Appends mails, all with the INTERNALDATE `at` (default: a fixed day)."""
        arrived = imaplib.Time2Internaldate(at or datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
        with self.client(user) as client:
            client.create(folder)
            for mail in mails:
                status, said = client.append(folder, "", arrived, mail)
                assert status == "OK", said

    def deliver_many(self, user: str, mails: Sequence[bytes]) -> None:
        """Appends thousands of mails to the INBOX, some hundred in a command (RFC 3502): a hundred times as fast."""
        arrived = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        with imapclient.IMAPClient("127.0.0.1", self.port, ssl=False, timeout=120) as client:
            client.login(user, self.password)
            for at in range(0, len(mails), AT_ONCE):
                client.multiappend("INBOX", [{"msg": mail, "date": arrived} for mail in mails[at : at + AT_ONCE]])

    def flags(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """UID and flags of every mail, as the server says them."""
        with self.client(user) as client:
            client.select(folder, readonly=True)
            _, lines = client.uid("FETCH", "1:*", "(FLAGS)")
            return [line for line in lines if isinstance(line, bytes)]


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """The server of this test session."""
    if not shutil.which("dovecot"):
        missing("Dovecot", "dovecot-imapd")
    if not shutil.which("openssl"):
        missing("OpenSSL", "openssl")
    with running() as server:
        yield server


@contextmanager
def running(more: str = "") -> Iterator[Dovecot]:
    """A server of one's own, its mail in a folder that goes with it. `more` is further configuration."""
    root = Path(tempfile.mkdtemp(prefix="kawari-dovecot-"))
    try:
        server = _prepare(root)
        with (root / "dovecot.conf").open("a") as conf:
            conf.write(more)
        with subprocess.Popen(["dovecot", "-F", "-c", str(root / "dovecot.conf")]) as process:
            try:
                _wait(server, process)
                yield server
            finally:
                process.terminate()
                process.wait(20)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _prepare(root: Path) -> Dovecot:
    port, tls_port = _free_ports(2)
    (root / "home").mkdir()
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    os.chown(root / "home", owner.pw_uid, owner.pw_gid)
    root.chmod(0o755)  # the mail user must pass through
    me = owner.pw_name if os.geteuid() else ""
    group = grp.getgrgid(os.getegid()).gr_name
    own = f"default_internal_user = {me}\ndefault_login_user = {me}\ndefault_internal_group = {group}"
    values = {"root": root, "port": port, "tls_port": tls_port, "password": PASSWORD}
    values |= {"uid": owner.pw_uid, "gid": owner.pw_gid, "users": own if me else "", "chroot": "chroot =" if me else ""}
    (root / "dovecot.conf").write_text(_CONF.format(**values))
    _make_certificate(root)
    return Dovecot(root, port, tls_port)


def _make_certificate(root: Path) -> None:
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", names, "-addext", "keyUsage=critical,digitalSignature,keyCertSign"]
    command += ["-keyout", str(root / "key.pem"), "-out", str(root / "cert.pem")]
    subprocess.run(command, check=True, capture_output=True)


def _free_ports(number: int) -> list[int]:
    probes = [socket.socket() for _ in range(number)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _wait(server: Dovecot, process: subprocess.Popen[bytes]) -> None:
    """Until it logs a user in: the port opens earlier than the password check."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with server.client("first"):
                return
        except (OSError, imaplib.IMAP4.error):
            time.sleep(0.05)
    log = (server.root / "dovecot.log").read_text("utf-8", "replace") if (server.root / "dovecot.log").exists() else ""
    if os.environ.get("CI") or os.geteuid() == 0:
        pytest.fail(f"Dovecot did not start:\n{log[-2000:]}")
    pytest.skip(f"Dovecot does not start without root here: {log[-300:]}")


def utf7(name: str) -> str:
    """A folder name in modified UTF-7 (RFC 3501, section 5.1.3), quoted for a command."""
    shifted = base64.b64encode(name.encode("utf-16be")).rstrip(b"=").replace(b"/", b",").decode("ascii")
    return f'"&{shifted}-"'
