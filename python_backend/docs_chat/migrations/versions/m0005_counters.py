"""Daily counts, and whose turn it is in a thread."""

from alembic import op
from sqlalchemy import BigInteger, Column, DateTime, Text

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "counters",
        Column("day", Text, primary_key=True),
        Column("bucket", Text, primary_key=True),
        Column("used", BigInteger, nullable=False),
    )
    op.create_table(
        "turns",
        Column("thread_id", Text, primary_key=True),
        Column("server", Text, nullable=False),
        Column("until", DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("turns")
    op.drop_table("counters")
