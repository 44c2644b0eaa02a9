"""Whether there is sample data is asked with every map: indices of the sample alone."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0014"
down_revision = "talent_0013"
branch_labels = None
depends_on = None

_SAMPLE = sa.text("origin = 'SYNTHETIC'")


def upgrade() -> None:
    for table in ("person", "position"):
        op.create_index(f"ix_{table}_sample", table, ["id"], sqlite_where=_SAMPLE, postgresql_where=_SAMPLE)


def downgrade() -> None:
    for table in ("person", "position"):
        op.drop_index(f"ix_{table}_sample", table_name=table)
