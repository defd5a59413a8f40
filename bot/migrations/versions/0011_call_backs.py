"""Call-backs that contacts asked for."""

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

EVENTS_BEFORE = (
    "message_created",
    "conversation_created",
    "conversation_status_changed",
    "delivery_updated",
    "conversation_updated",
    "note_created",
    "message_rated",
    "handoff_overdue",
)
EVENTS = (*EVENTS_BEFORE, "call_back_updated", "call_back_due")


def upgrade() -> None:
    op.create_table(
        "call_backs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("preferred", sa.String(200), nullable=True),
        sa.Column("due_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("time_zone", sa.String(64), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "done",
                "not_reached",
                name="callstate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_attempt_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("remind_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("staff_member_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_call_backs_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_member_id"],
            ["staff_members.id"],
            name=op.f("fk_call_backs_staff_member_id_staff_members"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_backs")),
        sa.UniqueConstraint("public_id", name=op.f("uq_call_backs_public_id")),
    )
    op.create_index(
        op.f("ix_call_backs_conversation_id"), "call_backs", ["conversation_id"]
    )
    op.create_index("ix_call_backs_remind_at", "call_backs", ["remind_at"])
    op.create_index(
        "uq_call_backs_open_conversation",
        "call_backs",
        ["conversation_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    _allow_events(EVENTS)


def downgrade() -> None:
    added = ", ".join(f"'{kind}'" for kind in EVENTS[len(EVENTS_BEFORE) :])
    op.execute(sa.text(f"DELETE FROM events WHERE kind IN ({added})"))  # noqa: S608  fixed
    _allow_events(EVENTS_BEFORE)
    op.drop_table("call_backs")


def _allow_events(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("events") as batch_op:
        batch_op.drop_constraint(op.f("ck_events_eventkind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_events_eventkind"), sa.text(f"kind IN ({listed})")
        )
