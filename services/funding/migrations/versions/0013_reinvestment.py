"""Local reinvestment by city, and whose city's money a commitment is."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "funding_0013"
down_revision = "funding_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE commitment ADD COLUMN city VARCHAR(63) NOT NULL DEFAULT ''")
    op.create_table(
        "reinvestment_credit",
        sa.Column("investment_id", sa.String(64), sa.ForeignKey("investment.id"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("fund_id", sa.String(64), sa.ForeignKey("fund.id"), nullable=False),
        sa.Column("city", sa.String(63), nullable=False),
        sa.Column(
            "fen", sa.BigInteger(), sa.CheckConstraint("fen >= 0", name="not_negative"), nullable=False
        ),
        sa.Column("basis", sa.String(32), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("investment_id", "sequence"),
    )
    create_append_only(op, "reinvestment_credit")


def downgrade() -> None:
    drop_append_only(op, "reinvestment_credit")
    op.drop_table("reinvestment_credit")
    op.drop_column("commitment", "city")
