"""What a model wrote for staff: translations of messages, and summaries at handoffs."""

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PURPOSES_BEFORE = ("reply", "draft", "api", "address", "network")
PURPOSES = ("reply", "draft", "translation", "summary", "api", "address", "network")


def upgrade() -> None:
    op.add_column("messages", sa.Column("translation", sa.JSON(), nullable=True))
    op.add_column(
        "conversations",
        sa.Column("summarised_for", UtcDateTime(timezone=True), nullable=True),
    )
    op.add_column(
        "conversations", sa.Column("handoff_summary", sa.JSON(), nullable=True)
    )
    _allow_purposes(PURPOSES)


def downgrade() -> None:
    op.execute("DELETE FROM model_spend WHERE kind IN ('translation', 'summary')")
    _allow_purposes(PURPOSES_BEFORE)
    op.drop_column("conversations", "handoff_summary")
    op.drop_column("conversations", "summarised_for")
    op.drop_column("messages", "translation")


def _allow_purposes(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("model_spend") as batch_op:
        batch_op.drop_constraint(op.f("ck_model_spend_spenton"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_model_spend_spenton"), sa.text(f"kind IN ({listed})")
        )
