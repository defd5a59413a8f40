"""What a model wrote for staff: translations of messages, and summaries at handoffs."""

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("translation", sa.JSON(), nullable=True))
    op.add_column(
        "conversations",
        sa.Column("summarised_for", UtcDateTime(timezone=True), nullable=True),
    )
    op.add_column(
        "conversations", sa.Column("handoff_summary", sa.JSON(), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("conversations", "handoff_summary")
    op.drop_column("conversations", "summarised_for")
    op.drop_column("messages", "translation")
