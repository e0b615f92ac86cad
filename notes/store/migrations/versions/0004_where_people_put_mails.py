"""Where a mail is before cases are merged by hand; what the rules call a case that a person calls otherwise."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """To 0004. Nobody has corrected anything so far."""
    with op.batch_alter_table("message") as message:
        message.add_column(sa.Column("home_key", sa.Text(), nullable=True))
    op.execute("UPDATE message SET home_key = case_key")
    op.create_index(op.f("ix_message_home_key"), "message", ["home_key"])
    op.create_index(op.f("ix_message_ruled_key"), "message", ["ruled_key"])
    with op.batch_alter_table("case_") as case:
        case.add_column(sa.Column("ruled_title", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE case_ SET ruled_title = title")
