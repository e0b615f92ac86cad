"""Who reads a mailbox now, how long it is left alone after failures, and first readings that go backwards."""

import sqlalchemy as sa
from alembic import op

from notes.store.values import Key, Moment, Words

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """To 0009. Whatever was read so far was read from the first mail on."""
    op.create_table(
        "mailbox",
        sa.Column("id", Key(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("held_until", Moment(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", Words(), nullable=True),
        sa.Column("failed_at", Moment(timezone=True), nullable=True),
        sa.Column("retry_at", Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox")),
    )
    with op.batch_alter_table("folder") as folder:
        folder.add_column(sa.Column("first_uid", sa.BigInteger(), nullable=False, server_default="1"))
        folder.add_column(sa.Column("since", Moment(timezone=True), nullable=True))
