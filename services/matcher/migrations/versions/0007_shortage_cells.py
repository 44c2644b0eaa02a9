"""What the shortage map says of its cells."""

import sqlalchemy as sa
from alembic import op

revision = "matcher_0007"
down_revision = "matcher_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shortage_cell",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortage_cell")),
    )


def downgrade() -> None:
    op.drop_table("shortage_cell")
