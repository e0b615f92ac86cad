"""Alembic's migrations, numbered 0001, 0002 …; shipped in the package, run without an ini file."""

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from notes.errors import DatabaseError

COMPARED = {"compare_type": True, "include_name": lambda name, *_: not (name or "").startswith("message_search")}
"""How a database is compared with the schema: without the index of words, which each engine keeps in its own way."""


def config(db: Connection) -> Config:
    """Alembic's configuration for the diary behind a connection."""
    settings = Config()
    settings.set_main_option("script_location", "notes.store:migrations")
    settings.attributes["connection"] = db
    return settings


def migrate(db: Connection) -> None:
    """Runs what is missing, inside the caller's transaction. Raises DatabaseError for a version nobody numbered."""
    try:
        command.upgrade(config(db), "head")
    except CommandError as error:
        raise DatabaseError("database-foreign", url=db.engine.url.render_as_string()) from error
