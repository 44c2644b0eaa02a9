"""Directions of mandates in the codes of today's catalogue."""

import sqlalchemy as sa
from alembic import op

revision = "funding_0023"
down_revision = "funding_0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mandate_scope",
        sa.Column("fund_id", sa.String(64), sa.ForeignKey("fund.id"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("leaves", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("fund_id", "revision"),
    )


def downgrade() -> None:
    op.drop_table("mandate_scope")
