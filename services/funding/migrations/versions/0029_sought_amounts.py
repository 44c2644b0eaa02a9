"""What firms want to raise."""

import sqlalchemy as sa
from alembic import op

revision = "funding_0029"
down_revision = "funding_0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("firm") as batch:
        batch.add_column(sa.Column("sought_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))


def downgrade() -> None:
    with op.batch_alter_table("firm") as batch:
        batch.drop_column("sought_fen")
