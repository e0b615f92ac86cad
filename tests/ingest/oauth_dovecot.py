"""A Dovecot of one's own that asks a test's provider about every access token (RFC 7662)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import dovecot as real
from tests.ingest.oauth_server import Provider

ASKS_THE_PROVIDER = """
auth_mechanisms = plain login {mechanisms}
passdb {{
  driver = oauth2
  mechanisms = {mechanisms}
  args = {args}
}}
"""

INTROSPECTION = """
introspection_mode = post
introspection_url = {url}/introspect
username_attribute = user
active_attribute = active
active_value = true
"""


@contextmanager
def dovecot_with(provider: Provider, folder: Path, mechanisms: str) -> Iterator[real.Dovecot]:
    args = folder / "dovecot-oauth2.conf"
    args.write_text(INTROSPECTION.format(url=provider.url))
    folder.chmod(0o755)
    with real.running(ASKS_THE_PROVIDER.format(mechanisms=mechanisms, args=args)) as server:
        yield server
