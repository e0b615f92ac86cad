"""Look-ups that cost the same in a diary of any size."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """To 0010."""
    op.execute("CREATE TABLE trait_old AS SELECT kind, value, case_key FROM case_trait")
    op.drop_table("case_trait")
    op.create_table(
        "case_trait",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("case_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_key"], ["case_.key"], name=op.f("fk_case_trait_case_key")),
        sa.PrimaryKeyConstraint("kind", "value", "customer_id", "case_key", name=op.f("pk_case_trait")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO case_trait SELECT t.kind, t.value, c.customer_id, t.case_key"
        " FROM trait_old t JOIN case_ c ON c.key = t.case_key"
    )
    op.drop_table("trait_old")
    op.create_index(op.f("ix_case_trait_case_key"), "case_trait", ["case_key"])
    op.drop_index(op.f("ix_case__customer_id"), "case_")
    op.create_index(op.f("ix_case__customer_id_last_at"), "case_", ["customer_id", "last_at"])
    op.drop_index(op.f("ix_message_thread_id"), "message")
    op.create_index(op.f("ix_message_thread_id_at_id"), "message", ["thread_id", "at", "id"])
