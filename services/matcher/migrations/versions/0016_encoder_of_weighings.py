"""With which family of encoders weights were learnt; of earlier ones it is not known."""

import sqlalchemy as sa
from alembic import op

revision = "matcher_0016"
down_revision = "matcher_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("weighing", sa.Column("encoder", sa.String(length=128)))


def downgrade() -> None:
    op.drop_column("weighing", "encoder")
