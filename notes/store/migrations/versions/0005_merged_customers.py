"""Customers merged into one are found fast."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """To 0005."""
    op.create_index(op.f("ix_customer_merged_into"), "customer", ["merged_into"])
