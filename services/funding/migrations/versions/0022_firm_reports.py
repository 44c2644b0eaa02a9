"""What firms report of themselves."""

import sqlalchemy as sa
from alembic import op

revision = "funding_0022"
down_revision = "funding_0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "firm_report",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("firm_id", sa.String(64), sa.ForeignKey("firm.id"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reporter", sa.String(128), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decider", sa.String(128), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made", sa.String(160), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("ix_firm_report_firm_id", "firm_report", ["firm_id", "reported_at"])


def downgrade() -> None:
    op.drop_table("firm_report")
