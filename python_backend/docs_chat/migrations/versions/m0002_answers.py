"""What each answer used and cost, and the answers that are given again."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, DateTime, Float, Integer, Text

revision = "0002"
down_revision = "0001"

SEQUENCE = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "answers",
        Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
        Column("created_at", DateTime(timezone=True), nullable=False, index=True),
        Column("thread_id", Text, nullable=True, index=True),
        Column("item_id", Text, nullable=True),
        Column("engine", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("input_tokens", Integer, nullable=False),
        Column("cached_tokens", Integer, nullable=False),
        Column("output_tokens", Integer, nullable=False),
        Column("estimated", Boolean, nullable=False),
        Column("cost_usd", Float, nullable=True),
        Column("seconds", Float, nullable=False),
        Column("passages", Text, nullable=False),
    )
    op.create_table(
        "kept_answers",
        Column("key", Text, primary_key=True),
        Column("created_at", DateTime(timezone=True), nullable=False, index=True),
        Column("data", Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("kept_answers")
    op.drop_table("answers")
