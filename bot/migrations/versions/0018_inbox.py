"""Destinations, spam, mentions, saved views, rules of assignment, who is away."""

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

AT_ONCE = 1000
contacts = sa.table(
    "contacts",
    sa.column("id", sa.Integer),
    sa.column("facts", sa.JSON),
    sa.column("destination", sa.String),
)


def upgrade() -> None:
    op.add_column("contacts", sa.Column("destination", sa.String(60), nullable=True))
    _fill()
    op.create_index(op.f("ix_contacts_destination"), "contacts", ["destination"])
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.add_column(
            sa.Column("spam_at", UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("meant_for_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_conversations_meant_for_id_staff_members"),
            "staff_members",
            ["meant_for_id"],
            ["id"],
        )
    op.create_index(
        op.f("ix_conversations_meant_for_id"), "conversations", ["meant_for_id"]
    )
    op.add_column(
        "staff_members",
        sa.Column("away_since", UtcDateTime(timezone=True), nullable=True),
    )
    op.create_index(
        "ix_conversations_status_last",
        "conversations",
        ["status", "last_message_at", "id"],
    )
    op.create_index(
        "ix_conversations_last_message_at", "conversations", ["last_message_at", "id"]
    )
    _mentions()
    _views()
    _rules()


def downgrade() -> None:
    op.drop_table("assignment_rule_members")
    op.drop_table("assignment_rules")
    op.drop_column("staff_members", "away_since")
    op.drop_index(op.f("ix_conversations_meant_for_id"), "conversations")
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.drop_constraint(
            op.f("fk_conversations_meant_for_id_staff_members"), type_="foreignkey"
        )
        batch_op.drop_column("meant_for_id")
    op.drop_table("saved_views")
    op.drop_table("mentions")
    op.drop_index("ix_conversations_last_message_at", "conversations")
    op.drop_index("ix_conversations_status_last", "conversations")
    op.drop_column("conversations", "spam_at")
    op.drop_index(op.f("ix_contacts_destination"), "contacts")
    op.drop_column("contacts", "destination")


def _fill() -> None:
    """What contacts said already, some rows at a time."""
    connection, last = op.get_bind(), 0
    while True:
        rows = connection.execute(
            sa.select(contacts.c.id, contacts.c.facts)
            .where(contacts.c.id > last)
            .order_by(contacts.c.id)
            .limit(AT_ONCE)
        ).all()
        if not rows:
            return
        last = rows[-1].id
        known = [
            {"row": row.id, "value": str(row.facts["destination"])[:60]}
            for row in rows
            if row.facts and row.facts.get("destination")
        ]
        if known:
            connection.execute(
                sa.update(contacts)
                .where(contacts.c.id == sa.bindparam("row"))
                .values(destination=sa.bindparam("value")),
                known,
            )


def _mentions() -> None:
    op.create_table(
        "mentions",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("staff_member_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_mentions_note_id_notes")
        ),
        sa.ForeignKeyConstraint(
            ["staff_member_id"],
            ["staff_members.id"],
            name=op.f("fk_mentions_staff_member_id_staff_members"),
        ),
        sa.PrimaryKeyConstraint("note_id", "staff_member_id", name=op.f("pk_mentions")),
    )
    op.create_index("ix_mentions_member", "mentions", ["staff_member_id", "seen_at"])


def _views() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("staff_member_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("asked", sa.String(400), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_member_id"],
            ["staff_members.id"],
            name=op.f("fk_saved_views_staff_member_id_staff_members"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("public_id", name=op.f("uq_saved_views_public_id")),
    )
    op.create_index(
        op.f("ix_saved_views_staff_member_id"), "saved_views", ["staff_member_id"]
    )


def _rules() -> None:
    op.create_table(
        "assignment_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(60), nullable=True),
        sa.Column("language", sa.String(12), nullable=True),
        sa.Column("destination", sa.String(60), nullable=True),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_rules")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assignment_rules_public_id")),
    )
    op.create_table(
        "assignment_rule_members",
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("staff_member_id", sa.Integer(), nullable=False),
        sa.Column("last_given_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["rule_id"],
            ["assignment_rules.id"],
            name=op.f("fk_assignment_rule_members_rule_id_assignment_rules"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_member_id"],
            ["staff_members.id"],
            name=op.f("fk_assignment_rule_members_staff_member_id_staff_members"),
        ),
        sa.PrimaryKeyConstraint(
            "rule_id", "staff_member_id", name=op.f("pk_assignment_rule_members")
        ),
    )
