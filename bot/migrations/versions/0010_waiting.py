"""Who waits too long, and other ways to reach them."""

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TIMES = ("remind_at", "overdue_since", "offer_bot_at", "bot_offered_at")
INDEXED = ("remind_at", "offer_bot_at")


def upgrade() -> None:
    for name in TIMES:
        op.add_column(
            "conversations", sa.Column(name, UtcDateTime(timezone=True), nullable=True)
        )
    op.add_column(
        "conversations", sa.Column("reach_asked_in", sa.Integer(), nullable=True)
    )
    for name in INDEXED:
        op.create_index(f"ix_conversations_{name}", "conversations", [name])
    op.create_table(
        "ways_to_reach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "email",
                "phone",
                name="waykind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(254), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"],
            ["consents.id"],
            name=op.f("fk_ways_to_reach_consent_id_consents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ways_to_reach")),
    )
    op.create_index(
        op.f("ix_ways_to_reach_consent_id"), "ways_to_reach", ["consent_id"]
    )


def downgrade() -> None:
    op.drop_table("ways_to_reach")
    for name in INDEXED:
        op.drop_index(f"ix_conversations_{name}", "conversations")
    for name in ("reach_asked_in", *reversed(TIMES)):
        op.drop_column("conversations", name)
