"""What cases are recognised by takes less room: no index beside it that is as large, and profiles compressed."""

import sqlalchemy as sa
from alembic import op

from notes.store.values import packed

revision = "0012"
down_revision = "0011"

_AT_ONCE = 500


def upgrade() -> None:
    """To 0012."""
    _traits()
    _profiles()


def _traits() -> None:
    op.execute("CREATE TABLE trait_old AS SELECT kind, value, customer_id, case_key FROM case_trait")
    op.drop_table("case_trait")
    op.create_table(
        "case_trait",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("case_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", "customer_id", "case_key", name=op.f("pk_case_trait")),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO case_trait SELECT kind, value, customer_id, case_key FROM trait_old")
    op.drop_table("trait_old")


def _profiles() -> None:
    op.execute("CREATE TABLE profile_old AS SELECT case_key, traits FROM case_profile")
    op.drop_table("case_profile")
    new = op.create_table(
        "case_profile",
        sa.Column("case_key", sa.Text(), nullable=False),
        sa.Column("traits", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_key"], ["case_.key"], name=op.f("fk_case_profile_case_key")),
        sa.PrimaryKeyConstraint("case_key", name=op.f("pk_case_profile")),
    )
    old = sa.table("profile_old", sa.column("case_key", sa.Text()), sa.column("traits", sa.Text()))
    for rows in op.get_bind().execute(sa.select(old.c.case_key, old.c.traits)).partitions(_AT_ONCE):
        op.bulk_insert(new, [{"case_key": key, "traits": packed(traits)} for key, traits in rows])
    op.drop_table("profile_old")
