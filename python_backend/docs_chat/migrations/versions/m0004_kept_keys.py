"""Under which key an answer is kept to be given again, so that it goes when its conversation goes."""

from alembic import op
from sqlalchemy import Column, Text

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("answers", Column("kept_key", Text, nullable=True))


def downgrade() -> None:
    op.drop_column("answers", "kept_key")
