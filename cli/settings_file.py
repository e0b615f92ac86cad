"""Where the settings file lies, and which language it asks for: all that is needed before anything is said.

Kept apart from `cli.settings` because the help pages need no more than this.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

FILE_NAME = "kawari.toml"


def find_file(given: str | None, environ: Mapping[str, str]) -> Path | None:
    """The settings file: `--config`, `$KAWARI_CONFIG`, ./kawari.toml, the platform's config folder; or None."""
    named = given or environ.get("KAWARI_CONFIG")
    if named:
        return Path(named).expanduser()
    if Path(FILE_NAME).is_file():
        return Path(FILE_NAME)
    usual = _config_folder(environ) / FILE_NAME
    return usual if usual.is_file() else None


def _config_folder(environ: Mapping[str, str]) -> Path:
    """The platform's folder for settings. On Linux its rule is one line, and `platformdirs` costs 6 ms at every run."""
    if sys.platform == "linux":
        return Path(environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / "kawari"
    from platformdirs import user_config_path

    return user_config_path("kawari", appauthor=False)


def peek_language(file: Path | None) -> str | None:
    """The file's language without judging the rest: faces must speak before they complain."""
    try:
        import tomllib

        value = tomllib.loads(file.read_text("utf-8")).get("language") if file else None
    except (OSError, ValueError):
        return None
    return value if value in ("ja", "en") else None


def default_file(environ: Mapping[str, str]) -> Path:
    """Where `kawari init` writes unless told otherwise: ./kawari.toml, or where `$KAWARI_CONFIG` points."""
    return Path(environ.get("KAWARI_CONFIG") or FILE_NAME)
