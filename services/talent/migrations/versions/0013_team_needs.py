"""What a team wants to have, by direction."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0013"
down_revision = "talent_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("team", sa.Column("needs", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("team") as batch:
        batch.drop_column("needs")
