"""Revisions of mandates: what was proposed, and what was decided of it."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "funding_0014"
down_revision = "funding_0013"
branch_labels = None
depends_on = None

_TABLES = ("mandate_proposal", "mandate_decision")


def upgrade() -> None:
    op.create_table(
        "mandate_proposal",
        *_key(),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("proposer", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("fund_id", "revision"),
    )
    op.create_table(
        "mandate_decision",
        *_key(),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("decider", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("fund_id", "revision"),
    )
    for table in _TABLES:
        create_append_only(op, table)


def _key() -> tuple[sa.Column[str], sa.Column[int]]:
    return (
        sa.Column("fund_id", sa.String(64), sa.ForeignKey("fund.id"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    for table in reversed(_TABLES):
        drop_append_only(op, table)
        op.drop_table(table)
