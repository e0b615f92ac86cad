"""What was told to whom of us, and the letters that tell it."""

import sqlalchemy as sa
from alembic import op

from notes.store.values import Key, Moment, Words

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """To 0011."""
    op.create_table(
        "told",
        sa.Column("alarm", Key(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("alarm", "reader", name=op.f("pk_told")),
    )
    op.create_index(op.f("ix_told_at"), "told", ["at"])
    op.create_table(
        "outgoing",
        sa.Column("key", Key(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", Words(), nullable=False),
        sa.Column("body", Words(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(timezone=True), nullable=False),
        sa.Column("next_try", Moment(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_at", Moment(timezone=True), nullable=True),
        sa.Column("error", Words(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outgoing")),
    )
    op.create_index(op.f("ix_outgoing_state_next_try"), "outgoing", ["state", "next_try"])
