"""What a screening made of every deal, in columns."""

import sqlalchemy as sa
from alembic import op

revision = "funding_0006"
down_revision = "funding_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "screening_day",
        sa.Column("fund_id", sa.String(64), sa.ForeignKey("fund.id"), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mandate_revision", sa.Integer(), nullable=False),
    )
    op.create_table(
        "screened",
        sa.Column("fund_id", sa.String(64), sa.ForeignKey("fund.id"), nullable=False),
        sa.Column("deal_id", sa.String(64), sa.ForeignKey("deal.id"), nullable=False),
        sa.Column("firm_id", sa.String(64), nullable=False),
        sa.Column("deal_version", sa.Integer(), nullable=False),
        sa.Column("firm_version", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("city", sa.String(63), nullable=False),
        sa.Column("stage", sa.String(32), nullable=True),
        sa.Column("industries", sa.Text(), nullable=False),
        sa.Column("directions", sa.Text(), nullable=False),
        sa.Column("ask_fen", sa.BigInteger(), nullable=False),
        sa.Column("pre_money_fen", sa.BigInteger(), nullable=True),
        sa.Column("held_fen", sa.BigInteger(), nullable=False),
        sa.Column("position_fen", sa.BigInteger(), nullable=False),
        sa.Column("position_early", sa.String(32), nullable=False),
        sa.Column("firm_held_fen", sa.BigInteger(), nullable=False),
        sa.Column("composite", sa.Float(53), nullable=True),
        sa.Column("coverage", sa.Float(53), nullable=False),
        *(sa.Column(name, sa.Float(53), nullable=True) for name in ("early", "small", "long", "hard")),
        sa.Column("band", sa.String(32), nullable=False),
        *(sa.Column(f"{name}_gate", sa.String(32), nullable=False) for name in ("early", "small", "hard")),
        sa.Column("blocking", sa.Text(), nullable=False),
        sa.Column("waived_live", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("firm_name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("fund_id", "deal_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_screened_deal_id", "screened", ["deal_id"], unique=True)
    op.create_index("ix_screened_firm_id", "screened", ["firm_id"])
    op.create_index("ix_screened_fund_id_due", "screened", ["fund_id", "due"])
    held = sa.text("position_fen > 0")
    op.create_index(
        "ix_screened_fund_id_position_fen",
        "screened",
        ["fund_id", "position_fen"],
        sqlite_where=held,
        postgresql_where=held,
    )
    waived = sa.text("waived_live != '[]'")
    op.create_index(
        "ix_screened_fund_id_waived_live",
        "screened",
        ["fund_id", "waived_live"],
        sqlite_where=waived,
        postgresql_where=waived,
    )


def downgrade() -> None:
    op.drop_table("screened")
    op.drop_table("screening_day")
