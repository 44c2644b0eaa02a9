"""Commitments to funds, capital calls and what came in for them."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "funding_0005"
down_revision = "funding_0004"
branch_labels = None
depends_on = None

_TABLES = ("commitment", "capital_call", "capital_call_part", "capital_receipt")


def upgrade() -> None:
    op.create_table(
        "commitment",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("fund_id", sa.String(64), sa.ForeignKey("fund.id"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("investor_fund", sa.String(64), sa.ForeignKey("fund.id"), nullable=True),
        _amount(),
        sa.Column("signed", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("new_capital", sa.Boolean(), nullable=False),
        *_recorded(),
    )
    for column in ("fund_id", "investor_fund"):
        op.create_index(f"ix_commitment_{column}", "commitment", [column])
    op.create_table(
        "capital_call",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("fund_id", sa.String(64), sa.ForeignKey("fund.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        *_recorded(),
        sa.UniqueConstraint("fund_id", "number"),
    )
    op.create_table(
        "capital_call_part",
        sa.Column("call_id", sa.String(64), sa.ForeignKey("capital_call.id"), nullable=False),
        sa.Column("commitment_id", sa.String(64), sa.ForeignKey("commitment.id"), nullable=False),
        _amount(),
        sa.PrimaryKeyConstraint("call_id", "commitment_id"),
    )
    op.create_table(
        "capital_receipt",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("call_id", sa.String(64), sa.ForeignKey("capital_call.id"), nullable=False),
        sa.Column("commitment_id", sa.String(64), sa.ForeignKey("commitment.id"), nullable=False),
        _amount(),
        sa.Column("received", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        *_recorded(),
    )
    op.create_index("ix_capital_receipt_call_id", "capital_receipt", ["call_id"])
    for table in _TABLES:
        create_append_only(op, table)


def _amount() -> sa.Column[int]:
    return sa.Column("fen", sa.BigInteger(), sa.CheckConstraint("fen > 0", name="positive"), nullable=False)


def _recorded() -> tuple[sa.Column[object], sa.Column[str]]:
    return (
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
    )


def downgrade() -> None:
    for table in reversed(_TABLES):
        drop_append_only(op, table)
        op.drop_table(table)
