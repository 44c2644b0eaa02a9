"""What came back from holdings and may be invested again: an account of its own, empty until a mandate allows it."""

from alembic import op

revision = "funding_0025"
down_revision = "funding_0024"
branch_labels = None
depends_on = None

_CONSTRAINT = "CONSTRAINT ck_fund_recycled_fen_not_negative CHECK (recycled_fen >= 0)"


def upgrade() -> None:
    op.execute(f"ALTER TABLE fund ADD COLUMN recycled_fen BIGINT NOT NULL DEFAULT 0 {_CONSTRAINT}")


def downgrade() -> None:
    op.drop_column("fund", "recycled_fen")
