"""The number under which a source knows an outcome of a position."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0026"
down_revision = "talent_0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("position_outcome", sa.Column("ref", sa.String(64), nullable=True))
    standing = sa.text("voided_at IS NULL")
    op.create_index(
        "ix_position_outcome_ref",
        "position_outcome",
        ["ref"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def downgrade() -> None:
    op.drop_index("ix_position_outcome_ref", "position_outcome")
    with op.batch_alter_table("position_outcome") as table:
        table.drop_column("ref")
