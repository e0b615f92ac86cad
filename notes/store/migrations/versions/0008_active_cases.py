"""Cases in which somebody must act are found without reading all the others; every standing is worked out again."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """To 0008."""
    with op.batch_alter_table("case_") as case:
        case.add_column(sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()))
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("UPDATE case_ SET stale = 1" if sqlite else "UPDATE case_ SET stale = true")
    op.create_index(op.f("ix_case__owner_active"), "case_", ["owner", "active"], unique=False)
    op.create_index(op.f("ix_case__customer_id_active"), "case_", ["customer_id", "active"], unique=False)
