"""What a firm's own report is about."""

import sqlalchemy as sa
from alembic import op

revision = "funding_0024"
down_revision = "funding_0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("firm_report", sa.Column("about", sa.String(80), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("firm_report", "about")
