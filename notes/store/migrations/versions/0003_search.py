"""Full text. Mails that were there before are put into the index by the next poll."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """To 0003: an index of tokens, of the kind that the engine has."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE message_search USING fts5("
            "subject, text, sender, recipients, content='', tokenize='unicode61 remove_diacritics 0')"
        )
    else:
        op.execute("CREATE TABLE message_search (entry BIGINT NOT NULL PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX ix_message_search_words ON message_search USING GIN (words)")
