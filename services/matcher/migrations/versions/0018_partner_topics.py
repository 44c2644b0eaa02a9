"""Partners' own topics on the log."""

import sqlalchemy as sa
from alembic import op

revision = "matcher_0018"
down_revision = "matcher_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partner_topic",
        sa.Column("partner_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sent", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("partner_id", name=op.f("pk_partner_topic")),
    )


def downgrade() -> None:
    op.drop_table("partner_topic")
