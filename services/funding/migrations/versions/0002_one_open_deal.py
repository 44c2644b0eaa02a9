"""A fund has at most one open deal for a firm's round."""

import sqlalchemy as sa
from alembic import op

revision = "funding_0002"
down_revision = "funding_0001"
branch_labels = None
depends_on = None

_OPEN = sa.text("state NOT IN ('DECLINED', 'INVESTED', 'LAPSED', 'WITHDRAWN')")


def upgrade() -> None:
    op.create_index(
        "uq_deal_open",
        "deal",
        ["fund_id", "firm_id", "round_name"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_index("uq_deal_open", "deal")
