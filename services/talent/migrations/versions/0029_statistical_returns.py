"""What other services reported of quarters."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0029"
down_revision = "talent_0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "statistical_return",
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("quarter", sa.String(6), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(64), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "quarter", name=op.f("pk_statistical_return")),
    )


def downgrade() -> None:
    op.drop_table("statistical_return")
