"""Alembic's migrations, numbered 0001, 0002 …; shipped in the package, run without an ini file."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def config(db: Connection) -> Config:
    """Alembic's configuration for the diary behind a connection."""
    settings = Config()
    settings.set_main_option("script_location", "notes.store:migrations")
    settings.attributes["connection"] = db
    return settings


def migrate(db: Connection) -> None:
    """Runs what is missing, inside the caller's transaction."""
    command.upgrade(config(db), "head")
