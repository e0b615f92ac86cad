"""The operator's files say what they should: systemd reads them, and the services can do little more than they must."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from cli.app import COMMANDS

CONFIG = Path(__file__).parents[1] / "config"
UNITS = sorted((CONFIG / "systemd").glob("*.service"))
HARDENED = {
    "NoNewPrivileges": "yes",
    "PrivateTmp": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "CapabilityBoundingSet": "",
    "StateDirectory": "kawari",
    "User": "kawari",
}


def unit(path: Path) -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's keys have capitals
    parser.read_string(path.read_text("utf-8"))
    return parser


def analyze(folder: Path, *words: str) -> None:
    """`systemd-analyze` over copies whose program is one that exists here."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed (Debian package: systemd)")
    for path in (CONFIG / "systemd").glob("kawari*.[st]*r*"):
        (folder / path.name).write_text(path.read_text("utf-8").replace("/opt/kawari/bin/kawari", "/bin/true"))
    done = subprocess.run(["systemd-analyze", *words], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    analyze(
        tmp_path, "verify", "./kawari.service", "./kawari-once.service", "./kawari-once.timer", "./kawari-lmtp.service"
    )


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_service_is_hardened(path: Path, tmp_path: Path) -> None:
    service = unit(path)["Service"]
    assert {key: service[key] for key in HARDENED} == HARDENED
    analyze(tmp_path, "security", "--offline=yes", "--threshold=20", f"./{path.name}")  # 2.0 of 10: exposed is 10


def test_the_poller_tells_systemd_that_it_lives_and_is_not_started_again_for_what_a_person_must_mend() -> None:
    service = unit(CONFIG / "systemd" / "kawari.service")["Service"]
    assert (service["Type"], service["NotifyAccess"]) == ("notify", "main")
    assert service["WatchdogSec"]
    assert service["RestartPreventExitStatus"].split() == ["2", "3"]


def test_all_services_may_do_the_same() -> None:
    first, *others = ({**unit(path)["Service"]} for path in UNITS)
    apart = {"Type", "ExecStart", "NotifyAccess", "WatchdogSec", "TimeoutStartSec", "Restart", "RestartSec"}
    apart |= {"RestartPreventExitStatus", "RuntimeDirectory", "RuntimeDirectoryMode", "TimeoutStopSec", "KillMode"}
    same = {key: value for key, value in first.items() if key not in apart}
    for other in others:
        assert {key: value for key, value in other.items() if key not in apart} == same


def test_every_command_an_operator_copies_exists() -> None:
    texts = [path.read_text("utf-8") for path in CONFIG.rglob("*") if path.is_file()]
    named = {word for text in texts for word in re.findall(r"/kawari ([a-z]+)", text)}
    assert named
    assert named <= set(COMMANDS)
