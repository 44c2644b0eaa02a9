"""What partners have acknowledged, and an index of the events that tell of erasures."""

import sqlalchemy as sa
from alembic import op

revision = "matcher_0019"
down_revision = "matcher_0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure_acknowledgement",
        sa.Column("partner_id", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "sequence", name=op.f("pk_erasure_acknowledgement")),
    )
    op.create_index(
        "ix_match_event_erased",
        "match_event",
        ["sequence"],
        sqlite_where=sa.text("type = 'ERASED'"),
        postgresql_where=sa.text("type = 'ERASED'"),
    )


def downgrade() -> None:
    op.drop_index("ix_match_event_erased", "match_event")
    op.drop_table("erasure_acknowledgement")
