"""Contacts have names, labels and consents, and can be merged."""

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contacts") as batch_op:
        batch_op.add_column(sa.Column("name", sa.String(100), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("erased_at", UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.create_foreign_key(
            op.f("fk_contacts_merged_into_id_contacts"),
            "contacts",
            ["merged_into_id"],
            ["id"],
        )
    op.create_index("ix_contacts_merged_into_id", "contacts", ["merged_into_id"])
    op.create_index("ix_addresses_contact_id", "addresses", ["contact_id"])
    op.create_table(
        "labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
        sa.UniqueConstraint("public_id", name=op.f("uq_labels_public_id")),
        sa.UniqueConstraint("name", name=op.f("uq_labels_name")),
    )
    for table, column, other in (
        ("contact_labels", "contact_id", "contacts"),
        ("conversation_labels", "conversation_id", "conversations"),
    ):
        _create_label_table(table, column, other)
    _create_consents()


def downgrade() -> None:
    op.drop_table("consents")
    op.drop_table("conversation_labels")
    op.drop_table("contact_labels")
    op.drop_table("labels")
    op.drop_index("ix_addresses_contact_id", "addresses")
    op.drop_index("ix_contacts_merged_into_id", "contacts")
    with op.batch_alter_table("contacts") as batch_op:
        batch_op.drop_constraint(
            op.f("fk_contacts_merged_into_id_contacts"), type_="foreignkey"
        )
        for column in ("erased_at", "merged_into_id", "name"):
            batch_op.drop_column(column)


def _create_label_table(table: str, column: str, other: str) -> None:
    op.create_table(
        table,
        sa.Column(column, sa.Integer(), nullable=False),
        sa.Column("label_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
        ),
        sa.ForeignKeyConstraint(
            ["label_id"], ["labels.id"], name=op.f(f"fk_{table}_label_id_labels")
        ),
        sa.PrimaryKeyConstraint(column, "label_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_label_id", table, ["label_id"])


def _create_consents() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(200), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("given_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("staff_member_id", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{other}.id"], name=op.f(f"fk_consents_{column}_{other}")
            )
            for column, other in (
                ("contact_id", "contacts"),
                ("message_id", "messages"),
                ("staff_member_id", "staff_members"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("public_id", name=op.f("uq_consents_public_id")),
    )
    op.create_index("ix_consents_contact_id", "consents", ["contact_id"])
