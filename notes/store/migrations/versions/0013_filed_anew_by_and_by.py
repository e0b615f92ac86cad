"""The diary can be filed anew some hundred mails at a time: what was before is remembered until all are filed."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """To 0013."""
    op.create_table(
        "former",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("case_key", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "value", name=op.f("pk_former")),
    )
    op.create_index(op.f("ix_former_case_key"), "former", ["case_key"])
