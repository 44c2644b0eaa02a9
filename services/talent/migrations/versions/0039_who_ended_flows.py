"""Who took a move back, and who cancelled training places: of those from before, nobody (the audit trail has them)."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0039"
down_revision = "talent_0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("move", sa.Column("voided_by", sa.String(128), nullable=False, server_default=""))
    op.add_column("training_place", sa.Column("status_by", sa.String(128), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("training_place", "status_by")
    op.drop_column("move", "voided_by")
