"""Financing rounds with everybody who took part."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "funding_0008"
down_revision = "funding_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "financing_round",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("firm_id", sa.String(64), sa.ForeignKey("firm.id"), nullable=False),
        sa.Column("round_name", sa.String(60), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("firm_id", "round_name"),
    )
    op.create_table(
        "round_revision",
        sa.Column("round_id", sa.String(64), sa.ForeignKey("financing_round.id"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("round_id", "revision"),
    )
    create_append_only(op, "round_revision")


def downgrade() -> None:
    drop_append_only(op, "round_revision")
    op.drop_table("round_revision")
    op.drop_table("financing_round")
