"""Who wants no messages, questions of who waits for staff, calls that are cancelled."""

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

STATES = ("open", "done", "not_reached")
OWES = "ck_conversations_only_the_bot_owes_a_reply"


def upgrade() -> None:
    op.add_column(
        "addresses", sa.Column("stopped_at", UtcDateTime(timezone=True), nullable=True)
    )
    op.add_column("messages", sa.Column("despite_stop", sa.Boolean(), nullable=True))
    # Whoever asked before is told apart by the reason, as long as nobody has taken it.
    op.execute(
        "UPDATE addresses SET stopped_at = ("
        "SELECT max(handed_off_at) FROM conversations "
        "WHERE conversations.address_id = addresses.id "
        "AND handoff_reason = 'asked_to_stop' AND status <> 'resolved')"
    )
    _owes("status IN ('bot', 'waiting') OR reply_due_at IS NULL")
    _allow_states((*STATES, "cancelled"))


def downgrade() -> None:
    op.execute("UPDATE call_backs SET state = 'not_reached' WHERE state = 'cancelled'")
    _allow_states(STATES)
    op.execute("UPDATE conversations SET reply_due_at = NULL WHERE status <> 'bot'")
    _owes("status = 'bot' OR reply_due_at IS NULL")
    op.drop_column("messages", "despite_stop")
    op.drop_column("addresses", "stopped_at")


def _owes(rule: str) -> None:
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.drop_constraint(op.f(OWES), type_="check")
        batch_op.create_check_constraint(op.f(OWES), sa.text(rule))


def _allow_states(states: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("call_backs") as batch_op:
        batch_op.drop_constraint(op.f("ck_call_backs_callstate"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_call_backs_callstate"), sa.text(f"state IN ({listed})")
        )
