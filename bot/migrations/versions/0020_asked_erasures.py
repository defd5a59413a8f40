"""When a contact confirmed that they want to be forgotten."""

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contacts") as batch_op:
        batch_op.add_column(
            sa.Column("erasure_asked_at", UtcDateTime(timezone=True), nullable=True)
        )
    op.create_index(
        op.f("ix_contacts_erasure_asked_at"), "contacts", ["erasure_asked_at"]
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_contacts_erasure_asked_at"), "contacts")
    with op.batch_alter_table("contacts") as batch_op:
        batch_op.drop_column("erasure_asked_at")
