"""Authenticators of staff, codes on paper, and when somebody proved who they are."""

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_steps",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(300), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_code", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["staff_members.id"],
            name=op.f("fk_second_steps_member_id_staff_members"),
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_second_steps")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["staff_members.id"],
            name=op.f("fk_recovery_codes_member_id_staff_members"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index(
        op.f("ix_recovery_codes_member_id"), "recovery_codes", ["member_id"]
    )
    with op.batch_alter_table("staff_sessions") as batch_op:
        batch_op.add_column(
            sa.Column("proven_at", UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(
            sa.Column(
                "through_provider",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
            )
        )
    with op.batch_alter_table("staff_sessions") as batch_op:
        batch_op.alter_column(
            "through_provider", existing_type=sa.Boolean(), server_default=None
        )


def downgrade() -> None:
    op.drop_column("staff_sessions", "through_provider")
    op.drop_column("staff_sessions", "proven_at")
    op.drop_table("recovery_codes")
    op.drop_table("second_steps")
