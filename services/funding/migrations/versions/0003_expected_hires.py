"""What the firm of a deal plans to hire, and what is expected of it."""

import sqlalchemy as sa
from alembic import op

revision = "funding_0003"
down_revision = "funding_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("hiring_plan", "expected_hires"):
        op.add_column("deal", sa.Column(name, sa.Text(), nullable=True))


def downgrade() -> None:
    for name in ("expected_hires", "hiring_plan"):
        op.drop_column("deal", name)
