"""Accounts, sessions, audit log; notes, read marks, saved replies, the switch."""

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

EVENTS_BEFORE = (
    "message_created",
    "conversation_created",
    "conversation_status_changed",
    "delivery_updated",
)
EVENTS = (*EVENTS_BEFORE, "conversation_updated", "note_created")


def upgrade() -> None:
    role = sa.Enum(
        "staff",
        "admin",
        name="role",
        native_enum=False,
        create_constraint=True,
        length=20,
    )
    with op.batch_alter_table("staff_members") as batch_op:
        batch_op.add_column(
            sa.Column("role", role, nullable=False, server_default="staff")
        )
        batch_op.add_column(sa.Column("password_hash", sa.String(200), nullable=True))
        batch_op.add_column(
            sa.Column("revoked_at", UtcDateTime(timezone=True), nullable=True)
        )
    with op.batch_alter_table("staff_members") as batch_op:
        batch_op.alter_column("role", existing_type=role, server_default=None)
    _allow_events(EVENTS)
    _create_staff_tables()
    _create_conversation_tables()


def downgrade() -> None:
    for table in ("emergencies", "saved_replies", "read_marks", "notes"):
        op.drop_table(table)
    for table in ("audit_entries", "sign_in_guesses", "staff_sessions"):
        op.drop_table(table)
    op.execute(
        sa.text(
            "DELETE FROM events WHERE kind IN ('conversation_updated', 'note_created')"
        )
    )
    _allow_events(EVENTS_BEFORE)
    with op.batch_alter_table("staff_members") as batch_op:
        batch_op.drop_constraint(op.f("ck_staff_members_role"), type_="check")
        for column in ("revoked_at", "password_hash", "role"):
            batch_op.drop_column(column)


def _allow_events(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("events") as batch_op:
        batch_op.drop_constraint(op.f("ck_events_eventkind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_events_eventkind"), sa.text(f"kind IN ({listed})")
        )


def _create_staff_tables() -> None:
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["staff_members.id"],
            name=op.f("fk_staff_sessions_member_id_staff_members"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_sessions_token_hash")),
    )
    op.create_index(
        op.f("ix_staff_sessions_member_id"), "staff_sessions", ["member_id"]
    )
    op.create_table(
        "sign_in_guesses",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("wait_until", UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_guesses")),
    )
    op.create_index(op.f("ix_sign_in_guesses_last_at"), "sign_in_guesses", ["last_at"])
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(60), nullable=True),
        sa.Column("detail", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["staff_members.id"],
            name=op.f("fk_audit_entries_member_id_staff_members"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )


def _create_conversation_tables() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("staff_member_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        *_references("notes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_notes_public_id")),
    )
    op.create_index("ix_notes_conversation", "notes", ["conversation_id", "id"])
    op.create_table(
        "read_marks",
        sa.Column("staff_member_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        *_references("read_marks"),
        sa.PrimaryKeyConstraint(
            "staff_member_id", "conversation_id", name=op.f("pk_read_marks")
        ),
    )
    op.create_table(
        "saved_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_replies")),
        sa.UniqueConstraint("public_id", name=op.f("uq_saved_replies_public_id")),
        sa.UniqueConstraint("title", name=op.f("uq_saved_replies_title")),
    )
    op.create_table(
        "emergencies",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.Column("staff_member_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_emergencies_only_one")),
        sa.ForeignKeyConstraint(
            ["staff_member_id"],
            ["staff_members.id"],
            name=op.f("fk_emergencies_staff_member_id_staff_members"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergencies")),
    )


def _references(table: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return tuple(
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
        )
        for column, other in (
            ("conversation_id", "conversations"),
            ("staff_member_id", "staff_members"),
        )
    )
