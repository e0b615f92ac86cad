"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """To 0001."""
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_target"), "correction", ["target"], unique=False)
    op.create_table(
        "customer",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
    )
    op.create_table(
        "folder",
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("read_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("error_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("mailbox", "folder", name=op.f("pk_folder")),
    )
    op.create_table(
        "quarantine",
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("internaldate", sa.DateTime(timezone=True), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", "folder", "uidvalidity", "uid", name=op.f("pk_quarantine")),
    )
    op.create_table(
        "case_",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("standin", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into", sa.Text(), nullable=True),
        sa.Column("standing", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_case__customer_id")),
        sa.ForeignKeyConstraint(["merged_into"], ["case_.key"], name=op.f("fk_case__merged_into")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_case_")),
    )
    op.create_index(op.f("ix_case__customer_id"), "case_", ["customer_id"], unique=False)
    op.create_table(
        "customer_key",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("sharer", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_customer_key_customer_id")),
        sa.PrimaryKeyConstraint("kind", "value", "sharer", name=op.f("pk_customer_key")),
    )
    op.create_index(op.f("ix_customer_key_customer_id"), "customer_key", ["customer_id"], unique=False)
    op.create_table(
        "case_trait",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("case_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_key"], ["case_.key"], name=op.f("fk_case_trait_case_key")),
        sa.PrimaryKeyConstraint("kind", "value", "case_key", name=op.f("pk_case_trait")),
    )
    op.create_index(op.f("ix_case_trait_case_key"), "case_trait", ["case_key"], unique=False)
    op.create_table(
        "case_profile",
        sa.Column("case_key", sa.Text(), nullable=False),
        sa.Column("traits", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_key"], ["case_.key"], name=op.f("fk_case_profile_case_key")),
        sa.PrimaryKeyConstraint("case_key", name=op.f("pk_case_profile")),
    )
    op.create_table(
        "promise",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_key"], ["case_.key"], name=op.f("fk_promise_case_key")),
        sa.PrimaryKeyConstraint("id", "case_key", name=op.f("pk_promise")),
    )
    op.create_index(op.f("ix_promise_case_key"), "promise", ["case_key"], unique=False)
    op.create_table(
        "thread",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_key"], ["case_.key"], name=op.f("fk_thread_case_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
    )
    op.create_index(op.f("ix_thread_case_key"), "thread", ["case_key"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("cc", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("date_doubtful", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("new_text", sa.Text(), nullable=False),
        sa.Column("hidden_lines", sa.Integer(), nullable=False),
        sa.Column("references", sa.Text(), nullable=False),
        sa.Column("forwarded", sa.Text(), nullable=False),
        sa.Column("attachments", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("bulk", sa.Text(), nullable=False),
        sa.Column("bounced", sa.Text(), nullable=False),
        sa.Column("defects", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("case_key", sa.Text(), nullable=True),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_key"], ["case_.key"], name=op.f("fk_message_case_key")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_message_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("message_id", "digest", name=op.f("uq_message_message_id_digest")),
        sa.UniqueConstraint("ref", name=op.f("uq_message_ref")),
    )
    op.create_index(op.f("ix_message_case_key_at"), "message", ["case_key", "at"], unique=False)
    op.create_index(op.f("ix_message_at"), "message", ["at"], unique=False)
    op.create_index(op.f("ix_message_thread_id"), "message", ["thread_id"], unique=False)
    op.create_table(
        "thread_link",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_thread_link_thread_id")),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_thread_link")),
    )
    op.create_index(op.f("ix_thread_link_thread_id"), "thread_link", ["thread_id"], unique=False)
    op.create_table(
        "place",
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_place_message_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("mailbox", "folder", "uidvalidity", "uid", name=op.f("pk_place")),
    )
    op.create_index(op.f("ix_place_message_id"), "place", ["message_id"], unique=False)
    op.create_table(
        "raw",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_raw_message_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_raw")),
    )
