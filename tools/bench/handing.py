"""What `kawari lmtp` does for the mail server: forwards and memos a second, each on the disk before it is answered."""

import signal
import smtplib
import subprocess
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from tools.bench.mails import OURS, generate

LOG = f"log@{OURS}"
_EARLY = 100
_COLLEAGUE = f"Ken Sato <sato@{OURS}>"


def lmtp(folder: Path, kawari: str, count: int = 1_000) -> None:
    """Hands over so many mails, one after the other, in one conversation; memory after a hundred and each quarter."""
    folder.mkdir()
    settings = folder / "kawari.toml"
    settings.write_text(_settings(folder / "kawari.db"))
    mails = [_handed(number, raw) for number, (_, _, raw) in enumerate(generate(count, distinct=True))]
    command = [kawari, "--config", str(settings), "--lang", "en", "lmtp", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as service:
        where = service.stderr.readline().split(" at ")[1].split(". ")[0] if service.stderr else ""
        host, _, port = where.rpartition(":")
        with smtplib.LMTP(host, int(port)) as server:
            began, memory = time.perf_counter(), list[float]()
            for number, mail in enumerate(mails, 1):
                server.sendmail(f"sato@{OURS}", [LOG], mail)
                if number == _EARLY or number % (count // 4) == 0:
                    memory.append(_memory(service.pid))
            took = time.perf_counter() - began
        service.send_signal(signal.SIGTERM)
    size = sum(map(len, mails)) / count / 1024
    print(f"{f'kawari lmtp, {count} mails of {size:.0f} KB':44} {took:7.2f} s  {count / took:.0f} mails/s")
    print(f"{f'  memory after {_EARLY} mails, each quarter':44} {'  '.join(f'{one:.0f}' for one in memory):>7} MB")


def _handed(number: int, raw: bytes) -> bytes:
    """Every fourth is a memo, the others are forwards of a customer's or our mail, as an attached message."""
    inner = message_from_bytes(raw, policy=policy.SMTP)
    outer = EmailMessage()
    outer["From"], outer["To"] = _COLLEAGUE, LOG
    outer["Message-ID"] = f"<handed.{number}@{OURS}>"
    outer["Date"] = inner["Date"]
    if number % 4 == 3:
        outer["Subject"] = "TEL"
        outer.set_content(f"customer{number % 40}.example\n\nTold them that we answer by Friday ({number}).\n")
        return outer.as_bytes()
    outer["Subject"] = f"Fwd: {inner['Subject']}"
    outer.set_content("For the record.\n")
    outer.add_attachment(inner)
    return outer.as_bytes()


def _memory(pid: int) -> float:
    """Resident megabytes of a process (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def _settings(database: Path) -> str:
    lines = [
        'language = "en"', 'timezone = "Asia/Tokyo"', f'database = "sqlite:///{database}"',
        "[organisation]", 'name = "Hokuto"', f'domains = ["{OURS}"]',
        "[[staff]]", 'id = "sato"', 'name = "Ken Sato"', f'addresses = ["sato@{OURS}"]',
        "[log]", f'addresses = ["{LOG}"]',
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
