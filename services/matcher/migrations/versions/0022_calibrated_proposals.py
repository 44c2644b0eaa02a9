"""Whether the probability of a proposal was calibrated on outcomes; of those there are, nobody kept it."""

import sqlalchemy as sa
from alembic import op

revision = "matcher_0022"
down_revision = "matcher_0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("proposal", sa.Column("calibrated", sa.Boolean()))


def downgrade() -> None:
    op.drop_column("proposal", "calibrated")
