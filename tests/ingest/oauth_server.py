"""A small OAuth 2 provider on loopback: device codes, a page to sign in at, tokens, rotation, introspection, refusals.

    with Provider(rotating=True) as provider: provider.app(Flow.DEVICE) ...

Nobody has to click: `approve` is the person. `refuse` makes the next token request fail with an error and its words.
"""

import base64
import hashlib
import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from types import TracebackType
from urllib.parse import parse_qs, urlencode, urlsplit

from ingest.grants import App, Flow

CLIENT = "kawari-test-app"
Form = dict[str, str]
Answer = tuple[int, dict[str, object]]
PENDING: Answer = (400, {"error": "authorization_pending", "error_description": "nobody signed in yet"})


class Provider:
    """`requests` holds every form it got; `introspected` every token it was asked about."""

    def __init__(self, *, rotating: bool = True, seconds: float = 3600, user: str = "mori", delay: float = 0) -> None:
        self.rotating, self.seconds, self.user, self.delay = rotating, seconds, user, delay
        self.requests: list[Form] = []
        self.introspected: list[str] = []
        self.approved: bool | None = None
        self.raw: bytes | None = None
        self.status = 200
        self._refusals: list[Answer] = []
        self._number = count(1)
        self._good: dict[str, float] = {}
        self._refresh: set[str] = set()
        self._codes: dict[str, Form] = {}
        self._lock, self._closing = threading.Lock(), threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Provider":
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def app(self, flow: Flow = Flow.DEVICE) -> App:
        """The registration that this provider knows."""
        urls = (f"{self.url}/token", f"{self.url}/authorize", f"{self.url}/device")
        return App("mori", CLIENT, flow, ("mail", "offline_access"), *urls)

    def approve(self) -> None:
        """Somebody types the code and signs in."""
        self.approved = True

    def decline(self) -> None:
        """Somebody says no."""
        self.approved = False

    def refuse(self, error: str, description: str = "", status: int = 400) -> None:
        """The next token request fails so; again for the one after it."""
        self._refusals.append((status, {"error": error, "error_description": description}))

    def revoke_access(self) -> None:
        """Every access token ends now."""
        self._good.clear()

    def revoke(self) -> None:
        """The password was changed: nothing that was granted holds."""
        self._good.clear()
        self._refresh.clear()

    def grants(self, kind: str) -> list[Form]:
        """The token requests of one grant type."""
        return [form for form in self.requests if form.get("grant_type", "").endswith(kind)]

    def sign_in_at(self, url: str, *, error: str = "") -> str:
        """What the browser does at the address it is shown: the address it is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        if error:
            return f"{asked['redirect_uri']}/?{urlencode({'error': error, 'state': asked['state']})}"
        code = f"code/{next(self._number)}"
        self._codes[code] = asked
        return f"{asked['redirect_uri']}/?{urlencode({'code': code, 'state': asked['state'], 'session': 'x'})}"

    def grant(self) -> tuple[str, str]:
        """An access token and a refresh token."""
        number = next(self._number)
        access, refresh = f"access-{number}-secret", f"refresh-{number}-secret"
        self._good[access] = time.time() + self.seconds
        self._refresh.add(refresh)
        return access, refresh

    # --- answers

    def _device(self, form: Form) -> Answer:
        if form.get("client_id") != CLIENT:
            return 401, {"error": "invalid_client", "error_description": f"no app {form.get('client_id')}"}
        shown = {"device_code": "device-secret", "user_code": "KWRI-2026", "verification_uri": f"{self.url}/activate"}
        return 200, {**shown, "expires_in": 60, "interval": 0.05}

    def _token(self, form: Form) -> Answer:
        if self._refusals:
            return self._refusals.pop(0)
        kind = form.get("grant_type", "").rpartition(":")[2]
        if form.get("client_id") != CLIENT:
            return 401, {"error": "invalid_client", "error_description": f"no app {form.get('client_id')}"}
        if kind == "device_code":
            return self._for_device(form)
        if kind == "refresh_token":
            return self._renewed(form)
        if kind == "authorization_code":
            return self._for_code(form)
        return self._both() if form.get("client_secret") == "app-secret" else (401, {"error": "invalid_client"})

    def _for_device(self, form: Form) -> Answer:
        if self.approved is None:
            return PENDING
        if not self.approved or form.get("device_code") != "device-secret":
            return 400, {"error": "access_denied", "error_description": "the user said no"}
        return self._both()

    def _renewed(self, form: Form) -> Answer:
        self._closing.wait(self.delay)
        with self._lock:
            if form.get("refresh_token") not in self._refresh:
                return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
            if not self.rotating:
                return 200, {key: value for key, value in self._both()[1].items() if key != "refresh_token"}
            self._refresh.discard(form["refresh_token"])
            return self._both()

    def _for_code(self, form: Form) -> Answer:
        asked = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        fits = asked is not None and (asked["code_challenge"], asked["code_challenge_method"]) == (challenge, "S256")
        if not (fits and asked and asked["redirect_uri"] == form.get("redirect_uri")):
            return 400, {"error": "invalid_grant", "error_description": "code, verifier or redirect_uri do not fit"}
        return self._both()

    def _both(self) -> Answer:
        access, refresh = self.grant()
        granted = {"access_token": access, "token_type": "Bearer", "expires_in": self.seconds, "scope": "mail"}
        return 200, {**granted, "refresh_token": refresh}

    def _introspected(self, form: Form) -> Answer:
        """RFC 7662."""
        self.introspected.append(form.get("token", ""))
        active = self._good.get(form.get("token", ""), 0) > time.time()
        return 200, {"active": active, "user": self.user, "username": self.user} if active else {"active": False}

    def _answer(self, path: str, form: Form) -> Answer:
        self.requests.append(form)
        ways = {"/device": self._device, "/token": self._token, "/introspect": self._introspected}
        return ways[path](form) if path in ways else (404, {"error": "not_found"})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                status, said = provider._answer(self.path, form)
                answer = json.dumps(said).encode() if provider.raw is None else provider.raw
                self.send_response(status if provider.raw is None else provider.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                with suppress(OSError):  # a client that was killed waits for nothing
                    self.end_headers()
                    self.wfile.write(answer)

            def log_message(self, *args: object) -> None:
                """Nothing."""

        return Handler
