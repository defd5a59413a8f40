"""Staff can be known by an e-mail address, for sign-in through a provider."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("staff_members") as batch_op:
        batch_op.add_column(sa.Column("email", sa.String(254), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_staff_members_email"), ["email"])


def downgrade() -> None:
    with op.batch_alter_table("staff_members") as batch_op:
        batch_op.drop_constraint(op.f("uq_staff_members_email"), type_="unique")
        batch_op.drop_column("email")
