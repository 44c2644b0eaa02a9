"""Closed quarters of the shortage map."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "talent_0012"
down_revision = "talent_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closed_quarter",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("method_version", sa.String(length=64), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_closed_quarter")),
    )
    create_append_only(op, "closed_quarter")


def downgrade() -> None:
    drop_append_only(op, "closed_quarter")
    op.drop_table("closed_quarter")
