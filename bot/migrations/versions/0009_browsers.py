"""Sessions say which browser they are in, and can be ended one by one."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nobody knows where the old ones are: everybody signs in once more.
    op.execute(sa.text("DELETE FROM staff_sessions"))
    with op.batch_alter_table("staff_sessions") as batch_op:
        batch_op.add_column(sa.Column("public_id", sa.String(32), nullable=False))
        batch_op.add_column(sa.Column("browser", sa.String(200), nullable=False))
        batch_op.add_column(sa.Column("network", sa.String(60), nullable=False))
        batch_op.create_unique_constraint(
            op.f("uq_staff_sessions_public_id"), ["public_id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("staff_sessions") as batch_op:
        batch_op.drop_constraint(op.f("uq_staff_sessions_public_id"), type_="unique")
        for column in ("network", "browser", "public_id"):
            batch_op.drop_column(column)
