"""Cases whose standing is to be worked out are found at once."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """To 0006."""
    op.create_index(op.f("ix_case__stale"), "case_", ["stale"], unique=False)
