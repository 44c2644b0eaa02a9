"""What was last told of the reports that are expected of firms."""

import sqlalchemy as sa
from alembic import op

revision = "funding_0027"
down_revision = "funding_0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "indicator_request",
        sa.Column("firm_id", sa.String(64), sa.ForeignKey("firm.id"), nullable=False),
        sa.Column("period", sa.String(8), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("firm_id", "period"),
    )


def downgrade() -> None:
    op.drop_table("indicator_request")
