"""Questions that people keep, with their alerts; since when a deal stands in its stage.

The rows of screenings follow from the deals: they are made anew after this.
"""

import sqlalchemy as sa
from alembic import op

revision = "funding_0020"
down_revision = "funding_0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM screened")
    op.execute("DELETE FROM screening_day")
    op.add_column("screened", sa.Column("since", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "saved_search",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("owner", sa.String(128), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("fund_id", sa.String(64), sa.ForeignKey("fund.id"), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("filter", "order_by", "columns")),
        sa.Column("pinned_revision", sa.Integer(), nullable=True),
        sa.Column("crossing_score", sa.String(16), nullable=False),
        sa.Column("crossing_value", sa.Float(53), nullable=False),
        sa.Column("headroom_below_fen", sa.BigInteger(), nullable=True),
        sa.Column("whole_fund", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked", sa.Boolean(), nullable=False),
        sa.Column("headroom_fen", sa.BigInteger(), nullable=True),
        sa.Column("deal_count", sa.Integer(), nullable=False),
    )
    op.create_index("ix_saved_search_owner", "saved_search", ["owner", "created_at"])
    op.create_table(
        "search_match",
        sa.Column("search_id", sa.String(64), sa.ForeignKey("saved_search.id"), nullable=False),
        sa.Column("deal_id", sa.String(64), nullable=False),
        sa.Column("score", sa.Float(53), nullable=True),
        sa.Column("gates", sa.String(80), nullable=False),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("search_id", "deal_id"),
    )
    op.create_table(
        "screening_alert",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("search_id", sa.String(64), sa.ForeignKey("saved_search.id"), nullable=False),
        sa.Column("owner", sa.String(128), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("deal_id", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("before", "after")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acked_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("search_id", "deal_id", "kind", "day"),
    )
    op.create_index("ix_screening_alert_owner", "screening_alert", ["owner", "id"])


def downgrade() -> None:
    for table in ("screening_alert", "search_match", "saved_search"):
        op.drop_table(table)
    op.drop_column("screened", "since")
