"""The stored lists name the encoder that they were made with; events are found by their anchor."""

import sqlalchemy as sa
from alembic import op

revision = "matcher_0002"
down_revision = "matcher_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("match_counter", sa.Column("encoder_version", sa.String(length=128), nullable=True))
    op.create_index("ix_match_event_anchor", "match_event", ["anchor_id", "sequence"])


def downgrade() -> None:
    op.drop_index("ix_match_event_anchor", "match_event")
    with op.batch_alter_table("match_counter", schema=None) as batch_op:
        batch_op.drop_column("encoder_version")
