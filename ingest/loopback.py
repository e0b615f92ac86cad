"""The way back from a browser to this machine (RFC 8252, section 7.3): one request on loopback, one page."""

import secrets
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from urllib.parse import parse_qs, urlsplit

_CLIENT_SECONDS = 5.0
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Connection": "close",
}


class WayBack(TCPServer):
    """Listens on `port`. Made by `open_way_back`."""

    allow_reuse_address = True
    came_back = ""
    state = ""
    page = b""

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no fault of ours, and what it sent is nobody's to print."""

    def wait(self, state: str, page: str, seconds: float, tick: Callable[[float], None]) -> str:
        """The address at which the browser came back with our `state`, empty when it has not within `seconds`.

        `page` (HTML) is what it shows then; `tick` is told every second how many are left.
        """
        self.state, self.page = state, page.encode()
        ends = time.monotonic() + seconds
        while not self.came_back and (left := ends - time.monotonic()) > 0:
            tick(left)
            self.timeout = min(1.0, left)
            self.handle_request()
        return self.came_back


class _Request(BaseHTTPRequestHandler):
    server: WayBack
    timeout = _CLIENT_SECONDS

    def do_GET(self) -> None:
        """Whoever does not know our state (an icon asked for, a stranger's page) changes nothing."""
        given = parse_qs(urlsplit(self.path).query, max_num_fields=50).get("state", [""])[0]
        ours = secrets.compare_digest(given.encode(), self.server.state.encode())
        self.send_response(200 if ours else 404)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        if ours:
            self.wfile.write(self.server.page)
            self.server.came_back = self.path

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """The line holds a code that must not be logged."""


def open_way_back(port: int = 0) -> WayBack:
    """Listens on 127.0.0.1 at `port`, 0 for any that is free, until it is closed. Raises OSError."""
    return WayBack(("127.0.0.1", port), _Request)
