"""Files that readers add to their questions."""

from alembic import op
from sqlalchemy import Column, DateTime, ForeignKey, Integer, LargeBinary, Text

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "attachments",
        Column("id", Text, primary_key=True),
        Column("owner", Text, nullable=False, index=True),
        Column("thread_id", Text, ForeignKey("threads.id", ondelete="CASCADE"), nullable=True, index=True),
        Column("created_at", DateTime(timezone=True), nullable=False, index=True),
        Column("name", Text, nullable=False),
        Column("mime_type", Text, nullable=False),
        Column("size", Integer, nullable=False),
        Column("content", LargeBinary, nullable=True),
    )


def downgrade() -> None:
    op.drop_table("attachments")
