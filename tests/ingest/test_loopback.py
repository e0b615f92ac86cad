"""A browser's way back to this machine."""

import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest

from ingest.loopback import WayBack, open_way_back

STATE = "our-state"


def nothing(_left: float) -> None:
    """No countdown in a test."""


def waiting(way: WayBack, seconds: float = 10) -> Callable[[], str]:
    """Waits beside the test; the function gives what came back."""
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(way.wait(STATE, "<p>終わりました", seconds, nothing)))
    thread.start()

    def end() -> str:
        thread.join(seconds + 5)
        return found[0]

    return end


def test_the_browser_comes_back_and_is_told_something() -> None:
    with open_way_back() as way:
        end = waiting(way)
        with urllib.request.urlopen(f"http://127.0.0.1:{way.port}/?state={STATE}&code=c", timeout=5) as page:
            assert page.read().decode() == "<p>終わりました"
            assert page.headers["Content-Security-Policy"] == "default-src 'none'"
            assert page.headers["Cache-Control"] == "no-store"
        assert end() == f"/?state={STATE}&code=c"


@pytest.mark.parametrize("path", ["/favicon.ico", "/", "/?code=stolen", "/?state=other&code=x", "/?state=%ff&code=x"])
def test_whoever_does_not_know_our_state_changes_nothing(path: str) -> None:
    with open_way_back() as way:
        end = waiting(way)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{way.port}{path}", timeout=5)
        assert refused.value.code == 404
        urllib.request.urlopen(f"http://127.0.0.1:{way.port}/?state={STATE}", timeout=5).close()
        assert end() == f"/?state={STATE}"


def test_nobody_coming_back_ends_by_itself() -> None:
    left: list[float] = []
    with open_way_back() as way:
        assert way.wait(STATE, "", 0.2, left.append) == ""
    assert left[0] <= 0.2


@pytest.mark.parametrize(
    "sent", [b"", b"\xff\xfe\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"x" * 200_000, b"POST / HTTP/1.1\r\n\r\n"]
)
def test_a_stranger_who_talks_nonsense_does_not_stop_the_wait(sent: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    with open_way_back() as way:
        end = waiting(way)
        with socket.create_connection(("127.0.0.1", way.port), timeout=5) as stranger:
            stranger.sendall(sent)
        urllib.request.urlopen(f"http://127.0.0.1:{way.port}/?state={STATE}", timeout=5).close()
        assert end()
    assert capfd.readouterr() == ("", "")


def test_it_listens_on_this_machine_only() -> None:
    with open_way_back() as way:
        assert way.server_address[0] == "127.0.0.1"
