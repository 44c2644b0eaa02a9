"""Firms of names that only look the same meet in one key: all keys are written anew when the service starts."""

from alembic import op

revision = "funding_0030"
down_revision = "funding_0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM firm_block")


def downgrade() -> None:
    op.execute("DELETE FROM firm_block")
