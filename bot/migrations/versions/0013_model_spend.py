"""What language models take, by the day."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "model_spend",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reply",
                "draft",
                "api",
                "address",
                "network",
                name="spenton",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=True),
        sa.Column("tokens_read", sa.Integer(), nullable=False),
        sa.Column("tokens_written", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"],
            ["addresses.id"],
            name=op.f("fk_model_spend_address_id_addresses"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_spend")),
        sa.UniqueConstraint("day", "kind", "name", name=op.f("uq_model_spend_day")),
    )
    op.create_index(op.f("ix_model_spend_address_id"), "model_spend", ["address_id"])
    op.add_column("addresses", sa.Column("network", sa.String(32), nullable=True))


def downgrade() -> None:
    op.drop_column("addresses", "network")
    op.drop_table("model_spend")
