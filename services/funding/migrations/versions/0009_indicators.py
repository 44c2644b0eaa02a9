"""Reports of firms after an investment, and what was done about alerts."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "funding_0009"
down_revision = "funding_0008"
branch_labels = None
depends_on = None

_TABLES = ("indicator_report", "indicator_answer")


def upgrade() -> None:
    op.create_table(
        "indicator_report",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("firm_id", sa.String(64), sa.ForeignKey("firm.id"), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("metrics", sa.Text(), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        *_recorded(),
    )
    op.create_index("ix_indicator_report_firm", "indicator_report", ["firm_id", "at"])
    op.create_table(
        "indicator_answer",
        sa.Column("firm_id", sa.String(64), sa.ForeignKey("firm.id"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("period", sa.String(8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *_recorded(),
        sa.PrimaryKeyConstraint("firm_id", "sequence"),
    )
    for table in _TABLES:
        create_append_only(op, table)


def _recorded() -> tuple[sa.Column[str], sa.Column[object]]:
    return (
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for table in reversed(_TABLES):
        drop_append_only(op, table)
        op.drop_table(table)
