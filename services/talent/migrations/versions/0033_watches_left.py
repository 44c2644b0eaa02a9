"""When a watched cell fell below what it was watched for."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0033"
down_revision = "talent_0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shortage_watch", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("shortage_watch", "left_at")
