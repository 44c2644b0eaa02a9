"""For want of which skill people who were proposed were not taken."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0023"
down_revision = "talent_0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("position_outcome", sa.Column("skill", sa.String(60), nullable=False, server_default=""))
    refused = sa.text("skill != ''")
    op.create_index(
        "ix_position_outcome_skill",
        "position_outcome",
        ["day"],
        sqlite_where=refused,
        postgresql_where=refused,
    )


def downgrade() -> None:
    op.drop_index("ix_position_outcome_skill", "position_outcome")
    with op.batch_alter_table("position_outcome") as table:
        table.drop_column("skill")
