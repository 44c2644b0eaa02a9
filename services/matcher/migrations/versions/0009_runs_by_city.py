"""Runs with a list for each city."""

import sqlalchemy as sa
from alembic import op

revision = "matcher_0009"
down_revision = "matcher_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("match_run") as batch:
        batch.add_column(sa.Column("by_city", sa.Boolean(), nullable=False, server_default=sa.text("false")))
        batch.alter_column(
            "cursor", type_=sa.String(80), existing_type=sa.String(64), existing_nullable=False
        )
    with op.batch_alter_table("match_run_pair") as batch:
        batch.add_column(sa.Column("city", sa.String(63), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    op.execute("DELETE FROM match_run_pair WHERE run_id IN (SELECT id FROM match_run WHERE by_city)")
    op.execute("DELETE FROM match_run WHERE by_city OR length(cursor) > 64")
    with op.batch_alter_table("match_run_pair") as batch:
        batch.drop_column("city")
    with op.batch_alter_table("match_run") as batch:
        batch.alter_column(
            "cursor", type_=sa.String(64), existing_type=sa.String(80), existing_nullable=False
        )
        batch.drop_column("by_city")
