"""Certificates and a TLS server that shows them: self-signed, expired, for another name, not valid yet."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import missing

_AUTHORITY = """
[ca]
default_ca = ours
[ours]
new_certs_dir = {folder}
database = {folder}/index
serial = {folder}/serial
default_md = sha256
policy = any
x509_extensions = server
copy_extensions = none
unique_subject = no
[any]
commonName = supplied
[server]
subjectAltName = {names}
basicConstraints = critical,CA:false
"""


@dataclass(frozen=True)
class Certificate:
    """Files of a server's certificate and key, and of the authority that vouches for it."""

    chain: Path
    key: Path
    authority: Path


def issue(folder: Path, *, starts: str, ends: str, names: str = "IP:127.0.0.1") -> Certificate:
    """A certificate of an authority made for it, valid between two moments (`YYYYMMDDHHMMSSZ`)."""
    if not shutil.which("openssl"):
        missing("OpenSSL", "openssl")
    ca, ca_key, key, request, chain = (folder / name for name in ("ca.pem", "ca.key", "key", "request", "chain.pem"))
    (folder / "index").write_text("")
    (folder / "serial").write_text("01")
    (folder / "conf").write_text(_AUTHORITY.format(folder=folder, names=names))
    new = ("req", "-newkey", "rsa:2048", "-nodes")
    _openssl(*new, "-x509", "-days", "2", "-subj", "/CN=Test", "-keyout", str(ca_key), "-out", str(ca))
    _openssl(*new, "-subj", "/CN=server", "-keyout", str(key), "-out", str(request))
    signing = ("ca", "-batch", "-notext", "-config", str(folder / "conf"), "-cert", str(ca), "-keyfile", str(ca_key))
    _openssl(*signing, "-startdate", starts, "-enddate", ends, "-in", str(request), "-out", str(chain))
    return Certificate(chain, key, ca)


def _openssl(*words: str) -> None:
    done = subprocess.run(["openssl", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@dataclass
class Shown:
    """A running TLS server; `said` holds what clients sent inside TLS."""

    port: int
    said: bytearray


@contextmanager
def shown(certificate: Certificate, ahead: bytes | None = None) -> Iterator[Shown]:
    """An IMAP server that shows a certificate and writes down what comes inside TLS.

    TLS is there from the first byte; with `ahead` it begins with STARTTLS, and `ahead` follows the OK in plain text.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    closing = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Shown(listener.getsockname()[1], bytearray())

        def serve() -> None:
            while not closing.is_set():
                plain, _ = listener.accept()
                plain.settimeout(5)
                with suppress(OSError), plain:
                    if ahead is not None:
                        _talk(plain, bytearray(), b"* OK ready\r\n", ahead)
                    with context.wrap_socket(plain, server_side=True) as inside:
                        _talk(inside, server.said, b"" if ahead is not None else b"* OK ready\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            closing.set()
            socket.create_connection(("127.0.0.1", server.port)).close()  # wakes the accept
            thread.join(10)


def _talk(wire: socket.socket, said: bytearray, greeting: bytes, ahead: bytes = b"") -> None:
    """Answers every command, until the client is gone or has asked for TLS."""
    wire.sendall(greeting)
    while heard := wire.recv(4096):
        said += heard
        tag, command = heard.split()[:2]
        offers = b"* CAPABILITY IMAP4rev1 STARTTLS\r\n" if command == b"CAPABILITY" else b""
        starting = command == b"STARTTLS"
        wire.sendall(offers + tag + b" OK done\r\n" + (ahead if starting else b""))
        if starting:
            return
