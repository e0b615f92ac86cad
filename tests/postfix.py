"""A private Postfix on loopback that hands the log's mail to kawari: by a pipe, run as `nobody`, or by LMTP.

Postfix can only be started by root. Its pipe runs nothing as root, so kawari's interpreter and code are made reachable
for `nobody` (bind mounts, where their folders are closed to others).
"""

import os
import pwd
import shutil
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.dovecot import _free_ports

SBIN = "/usr/sbin:/sbin"
ROOT = Path(__file__).parents[1]
PATIENCE = 20.0

_MAIN = """
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {root}/mail.log
maillog_file_prefixes = {root}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.tsubame.example
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
relay_domains = tsubame.example
relay_transport = discard:
default_transport = discard:
transport_maps = texthash:{root}/transport
recipient_delimiter = +
smtpd_relay_restrictions = permit_mynetworks, reject
kawari_destination_recipient_limit = 1
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
transport_retry_time = 1s
"""

_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
kawari unix - n n - 1 pipe
  flags=Rq user=nobody directory={folder} argv={root}/kawari receive --to ${{recipient}}
"""


@dataclass(frozen=True)
class Postfix:
    """A running server. Its log says what became of every mail."""

    root: Path
    port: int

    def send(self, raw: bytes, *recipients: str, sender: str = "mori@tsubame.example") -> None:
        """Gives it a mail, as a mail program does."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as client:
            client.sendmail(sender, recipients, raw)

    def log(self) -> str:
        """All that it has told."""
        path = self.root / "mail.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def waits_for(self, status: str, times: int = 1) -> None:
        """Until it has told `status=…` so often."""
        self.until(lambda: self.log().count(f"status={status}") >= times)

    def tries_again(self, times: int) -> None:
        """Until so many mails are handed over, having been told to try at once."""
        subprocess.run(["/usr/sbin/postfix", "-c", str(self.root), "flush"], capture_output=True, check=False)
        self.waits_for("sent", times)

    def until(self, true: Callable[[], object]) -> None:
        """Until something is so."""
        end = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < end, self.log()[-3000:]
            time.sleep(0.05)

    def queue(self) -> int:
        """How many mails it still keeps."""
        kept = ("incoming", "active", "deferred")
        return sum(1 for name in kept for path in (self.root / "queue" / name).rglob("*") if path.is_file())


@contextmanager
def running(folder: Path, transport: str, *, before: str = "") -> Iterator[Postfix]:
    """A server that gives mail for log@tsubame.example to a transport: `kawari:` (the pipe, with the settings in
    `folder`) or `lmtp:inet:…`. `before` is Python run in kawari's process first."""
    if not shutil.which("postfix", path=SBIN):
        missing("Postfix", "postfix")
    if os.geteuid() != 0:
        pytest.skip("Postfix can only be started by root")
    root = Path(tempfile.mkdtemp(prefix="kawari-postfix-"))
    (port,) = _free_ports(1)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, root, ignore_errors=True)
        _write(root, folder, port, transport)
        if transport == "kawari:":
            stack.enter_context(_reachable(root, before))
        server = Postfix(root, port)
        command = ["/usr/sbin/postfix", "-c", str(root)]
        with subprocess.Popen([*command, "start-fg"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                server.until(lambda: _answers(port) or process.poll() is not None)
                assert process.poll() is None, server.log()
                yield server
            finally:
                subprocess.run([*command, "abort"], capture_output=True, check=False)
                process.wait(20)


def _write(root: Path, folder: Path, port: int, transport: str) -> None:
    root.chmod(0o755)
    for name in ("queue", "data"):
        (root / name).mkdir()
    shutil.chown(root / "data", "postfix")
    (root / "main.cf").write_text(_MAIN.format(root=root))
    (root / "master.cf").write_text(_MASTER.format(root=root, port=port, folder=folder))
    (root / "transport").write_text(f"log@tsubame.example {transport}\n")


def _answers(port: int) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=5):
            return True
    except (OSError, smtplib.SMTPException):
        return False


@contextmanager
def _reachable(root: Path, before: str) -> Iterator[None]:
    """Writes `kawari` for the pipe, which `nobody` can run."""
    packages = next(path for path in map(Path, sys.path) if path.name == "site-packages")
    code = f"{before}from cli.app import main; main()"
    places = {"home": Path(sys.base_prefix), "packages": packages, "source": ROOT}
    with ExitStack() as stack:
        if not _runs(Path(sys.executable), {}):
            places = {name: stack.enter_context(_bound(path, root / name)) for name, path in places.items()}
        python = places["home"] / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
        environ = {"PYTHONPATH": f"{places['packages']}:{places['source']}", "PYTHONDONTWRITEBYTECODE": "1"}
        environ |= {"PYTHONHOME": str(places["home"])}
        if not _runs(python, environ):
            pytest.skip("nobody but its owner can run kawari here, as Postfix's pipe would")
        given = " ".join(f"{name}={value}" for name, value in environ.items())
        script = root / "kawari"
        script.write_text(f'#!/bin/sh\nexec env {given} {python} -c "{code}" "$@"\n')
        script.chmod(0o755)
        yield


def _runs(python: Path, environ: dict[str, str]) -> bool:
    command = [str(python), "-c", "import cli.app, notes.store.engine"]
    try:
        done = subprocess.run(command, user="nobody", env=environ, cwd="/", capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


@contextmanager
def _bound(path: Path, to: Path) -> Iterator[Path]:
    to.mkdir()
    with mounted(to, "--bind", str(path)):
        yield to


@contextmanager
def mounted(to: Path, *what: str) -> Iterator[None]:
    """Something mounted on a folder, as in `mount … FOLDER`; a skip where that may not be."""
    done = subprocess.run(["mount", *what, str(to)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mount is not possible here: {done.stderr.strip()[-100:]}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(to)], check=False)


@contextmanager
def small_disk(to: Path, size: str = "4m") -> Iterator[Path]:
    """A folder on a file system of that size; files put there before are on it."""
    files: Sequence[tuple[str, bytes]] = [(one.name, one.read_bytes()) for one in to.iterdir() if one.is_file()]
    with mounted(to, "-t", "tmpfs", "-o", f"size={size}", "tmpfs"):
        for name, content in files:
            (to / name).write_bytes(content)
        yield to


def give_away(folder: Path) -> None:
    """Makes a folder and its files `nobody`'s, and the folders above passable."""
    nobody = pwd.getpwnam("nobody")
    for path in (folder, *folder.iterdir()):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
