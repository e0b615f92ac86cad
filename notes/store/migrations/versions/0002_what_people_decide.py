"""What the rules said beside what people made of it; merged customers; mail of which only the headers are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NO = sa.false()


def upgrade() -> None:
    """To 0002. What is in a case so far was put there by the rules."""
    with op.batch_alter_table("message") as message:
        message.add_column(sa.Column("ruled_key", sa.Text(), nullable=True))
        message.add_column(sa.Column("joined", sa.Text(), nullable=False, server_default="{}"))
        message.add_column(sa.Column("stripped", sa.Boolean(), nullable=False, server_default=_NO))
        message.add_column(sa.Column("wanted", sa.Boolean(), nullable=False, server_default=_NO))
    op.execute("""
        UPDATE message SET ruled_key = case_key,
        joined = '{"rule": "' || rule || '", "score": ' || CAST(score AS TEXT) || '}'
    """)
    with op.batch_alter_table("message") as message:
        message.drop_column("rule")
        message.drop_column("score")
    with op.batch_alter_table("customer") as customer:
        customer.add_column(sa.Column("merged_into", sa.Text(), nullable=True))
        customer.create_foreign_key(op.f("fk_customer_merged_into"), "customer", ["merged_into"], ["id"])
    with op.batch_alter_table("customer_key") as key:
        key.add_column(sa.Column("rule", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("case_") as case:
        case.add_column(sa.Column("stale", sa.Boolean(), nullable=False, server_default=_NO))
