"""Threads, their items, and feedback on them."""

from alembic import op
from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Integer, Text, UniqueConstraint

revision = "0001"
down_revision = None

SEQUENCE = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "threads",
        Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
        Column("id", Text, nullable=False, unique=True),
        Column("owner", Text, nullable=False, index=True),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("updated_at", DateTime(timezone=True), nullable=False),
        Column("data", Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "items",
        Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
        Column("thread_id", Text, ForeignKey("threads.id", ondelete="CASCADE"), nullable=False),
        Column("id", Text, nullable=False),
        Column("status", Text, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("data", Text, nullable=False),
        UniqueConstraint("thread_id", "id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "feedback",
        Column("thread_id", Text, ForeignKey("threads.id", ondelete="CASCADE"), primary_key=True),
        Column("item_id", Text, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for table in ("feedback", "items", "threads"):
        op.drop_table(table)
