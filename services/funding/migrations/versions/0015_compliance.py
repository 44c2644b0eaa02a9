"""Waivers of checks, and the runs of checks by which something was decided."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "funding_0015"
down_revision = "funding_0014"
branch_labels = None
depends_on = None

_TABLES = ("waiver", "compliance_report")


def upgrade() -> None:
    op.create_table(
        "waiver",
        *_of_deal(),
        sa.Column("code", sa.String(63), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.String(128), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("deal_id", "number"),
    )
    op.create_table(
        "compliance_report",
        *_of_deal(),
        sa.Column("occasion", sa.String(32), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("fund_id", sa.String(64), sa.ForeignKey("fund.id"), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("mandate_revision", "fund_version", "firm_version", "deal_version")
        ),
        sa.Column("standing", sa.String(16), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("deal_id", "number"),
    )
    op.create_index("ix_compliance_report_fund_id", "compliance_report", ["fund_id"])
    for table in _TABLES:
        create_append_only(op, table)


def _of_deal() -> tuple[sa.Column[str], sa.Column[int]]:
    return (
        sa.Column("deal_id", sa.String(64), sa.ForeignKey("deal.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    for table in reversed(_TABLES):
        drop_append_only(op, table)
        op.drop_table(table)
