"""Deliveries can be templates, and replies can wait for the contact to write."""

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.Enum(
        "text",
        "template",
        name="deliverykind",
        native_enum=False,
        create_constraint=True,
        length=20,
    )
    with op.batch_alter_table("deliveries") as batch_op:
        batch_op.add_column(
            sa.Column("kind", kind, nullable=False, server_default="text")
        )
        batch_op.add_column(sa.Column("content_sid", sa.String(34), nullable=True))
        batch_op.add_column(sa.Column("content_variables", sa.JSON(), nullable=True))
    with op.batch_alter_table("deliveries") as batch_op:
        batch_op.alter_column("kind", existing_type=kind, server_default=None)
    op.create_table(
        "held_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("staff_member_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{other}.id"],
                name=op.f(f"fk_held_replies_{column}_{other}"),
            )
            for column, other in (
                ("conversation_id", "conversations"),
                ("staff_member_id", "staff_members"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_replies")),
        sa.UniqueConstraint("public_id", name=op.f("uq_held_replies_public_id")),
    )
    op.create_index(
        "ix_held_replies_conversation_id", "held_replies", ["conversation_id"]
    )


def downgrade() -> None:
    op.drop_table("held_replies")
    with op.batch_alter_table("deliveries") as batch_op:
        batch_op.drop_constraint(op.f("ck_deliveries_deliverykind"), type_="check")
        for column in ("content_variables", "content_sid", "kind"):
            batch_op.drop_column(column)
