"""What is kept by its headers alone is found fast: what is wanted back, and what is still to be let go."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """To 0007."""
    op.create_index(op.f("ix_message_stripped_case_key"), "message", ["stripped", "case_key"])
