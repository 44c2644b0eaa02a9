"""How many people two sources found: what the library's coverage is estimated from."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0021"
down_revision = "talent_0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "shortage_coverage",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("revision", big, nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortage_coverage")),
    )


def downgrade() -> None:
    op.drop_table("shortage_coverage")
