"""One row for all cases of a customer that bear a trait, and none of them where they are too many to tell anything."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_COMMON = 60


def upgrade() -> None:
    """To 0015."""
    op.rename_table("case_trait", "trait_old")
    if op.get_bind().dialect.name == "postgresql":  # an index keeps its name there, which the new table's needs
        op.execute("ALTER INDEX pk_case_trait RENAME TO pk_trait_old")
    new = op.create_table(
        "case_trait",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("cases", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", "customer_id", name=op.f("pk_case_trait")),
        sqlite_with_rowid=False,
    )
    old = sa.table("trait_old", *(sa.column(name, sa.Text()) for name in ("kind", "value", "customer_id", "case_key")))
    trait = (old.c.kind, old.c.value, old.c.customer_id)
    every = sa.func.aggregate_strings(_name(old.c.customer_id, old.c.case_key), " ")
    cases = sa.case((sa.func.count() > _COMMON, "*"), else_=every)
    rows = sa.select(*trait, cases).group_by(*trait).order_by(*trait)
    op.execute(sa.insert(new).from_select(["kind", "value", "customer_id", "cases"], rows))
    op.drop_table("trait_old")


def _name(customer: sa.ColumnElement[str], key: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """The number at the end of a key that begins with the customer's id and has nothing but digits after it."""
    start = customer + sa.literal("-")
    number = sa.func.substr(key, sa.func.length(start) + 1, type_=sa.Text())
    is_number = (sa.func.substr(key, 1, sa.func.length(start)) == start) & (number != "")
    return sa.case((is_number & (sa.func.ltrim(number, "0123456789") == ""), number), else_=key)
