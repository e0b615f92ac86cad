"""Where the first mailbox's password is kept: in a file, in the system's keyring, or in an environment variable."""

import json
from dataclasses import dataclass
from pathlib import Path

from cli import first_settings
from cli.words import say
from ingest.credentials import Secret
from ingest.passwords import KEYRING_SERVICE, EnvSecret, FileSecret, KeyringSecret
from notes.errors import MailboxError

WAYS = ("file", "keyring", "env")


@dataclass(frozen=True, slots=True)
class Keeping:
    """A way (one of `WAYS`) and its name: of the variable, of the file beside the settings, of the keyring's entry."""

    way: str
    name: str

    def line(self) -> str:
        """The line of the settings that says so."""
        if self.way == "keyring":
            return "keyring = true"
        return f"password_{self.way} = {json.dumps(self.name, ensure_ascii=False)}"

    def secret(self, folder: Path) -> Secret:
        """Where the password is fetched from later."""
        if self.way == "keyring":
            return KeyringSecret(self.name)
        return EnvSecret(self.name) if self.way == "env" else FileSecret(folder / Path(self.name).expanduser())

    def keep(self, password: str, folder: Path) -> str:
        """Puts the password there and says where it is. Raises `MailboxError`, `SettingsError`."""
        if self.way == "env":
            return say("init.export", name=self.name)
        if self.way == "file":
            path = folder / Path(self.name).expanduser()
            first_settings.write(path, f"{password}\n")
            return say("init.kept-in-file", file=path)
        import keyring
        import keyring.errors

        try:
            keyring.set_password(KEYRING_SERVICE, self.name, password)
        except keyring.errors.KeyringError as error:
            raise MailboxError("password-keyring-failed", name=self.name, reason=type(error).__name__) from None
        return say("init.kept-in-keyring", service=KEYRING_SERVICE, name=self.name)


def proposed(way: str, short: str) -> Keeping:
    """A way with the name that is likely for the staff id."""
    variable = "KAWARI_" + "".join(char if char.isalnum() else "_" for char in short).upper()
    return Keeping(way, {"env": variable, "file": f"{short}.password"}.get(way, short))
