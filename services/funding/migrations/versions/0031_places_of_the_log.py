"""Of which log the places of feeds are, and where the topics ended when this database last wrote to them."""

import sqlalchemy as sa
from alembic import op

revision = "funding_0031"
down_revision = "funding_0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feed_offset", sa.Column("log_id", sa.String(64)))
    op.create_table(
        "log_place",
        sa.Column("topic", sa.String(128), nullable=False),
        sa.Column("next_offset", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("log_id", sa.String(64)),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_log_place")),
    )


def downgrade() -> None:
    op.drop_table("log_place")
    op.drop_column("feed_offset", "log_id")
