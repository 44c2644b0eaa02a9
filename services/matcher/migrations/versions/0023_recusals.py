"""Who is recused from which firm, as the funding service tells it."""

import sqlalchemy as sa
from alembic import op

revision = "matcher_0023"
down_revision = "matcher_0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recusal",
        sa.Column("firm_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("firm_id", name=op.f("pk_recusal")),
    )
    op.create_table(
        "recused",
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("firm_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("subject", "firm_id", name=op.f("pk_recused")),
    )
    op.create_index("ix_recused_firm", "recused", ["firm_id"])


def downgrade() -> None:
    op.drop_table("recused")
    op.drop_table("recusal")
