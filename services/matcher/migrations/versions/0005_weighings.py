"""Weights learnt from outcomes."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "matcher_0005"
down_revision = "matcher_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "weighing",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("constant", sa.Float(), nullable=False),
        sa.Column("factors", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("adopted", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_weighing")),
    )
    op.create_index(op.f("ix_weighing_kind"), "weighing", ["kind"])
    create_append_only(op, "weighing")


def downgrade() -> None:
    drop_append_only(op, "weighing")
    op.drop_index(op.f("ix_weighing_kind"), table_name="weighing")
    op.drop_table("weighing")
