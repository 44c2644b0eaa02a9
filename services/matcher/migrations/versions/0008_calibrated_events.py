"""Whether the probability of a match event came from weights learnt from outcomes."""

import sqlalchemy as sa
from alembic import op

revision = "matcher_0008"
down_revision = "matcher_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "match_event", sa.Column("calibrated", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("match_event", "calibrated")
