"""What contacts think of answers, and notices that are true only for a time."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

EVENTS_BEFORE = (
    "message_created",
    "conversation_created",
    "conversation_status_changed",
    "delivery_updated",
    "conversation_updated",
    "note_created",
)
EVENTS = (*EVENTS_BEFORE, "message_rated", "handoff_overdue")
STATUS = sa.Enum(
    "bot",
    "waiting",
    "staff",
    "resolved",
    name="status",
    native_enum=False,
    create_constraint=True,
    length=20,
)


def upgrade() -> None:
    with op.batch_alter_table("messages") as batch_op:
        batch_op.add_column(sa.Column("said_while", STATUS, nullable=True))
        batch_op.add_column(sa.Column("helpful", sa.Boolean(), nullable=True))
    _allow_events(EVENTS)


def downgrade() -> None:
    added = ", ".join(f"'{kind}'" for kind in EVENTS[len(EVENTS_BEFORE) :])
    op.execute(sa.text(f"DELETE FROM events WHERE kind IN ({added})"))  # noqa: S608  fixed
    _allow_events(EVENTS_BEFORE)
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_constraint(op.f("ck_messages_status"), type_="check")
        batch_op.drop_column("helpful")
        batch_op.drop_column("said_while")


def _allow_events(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("events") as batch_op:
        batch_op.drop_constraint(op.f("ck_events_eventkind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_events_eventkind"), sa.text(f"kind IN ({listed})")
        )
