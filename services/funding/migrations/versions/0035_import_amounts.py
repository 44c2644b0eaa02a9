"""How the amounts of an import were read, column by column."""

import sqlalchemy as sa
from alembic import op

revision = "funding_0035"
down_revision = "funding_0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_batch", sa.Column("amounts", sa.Text()))


def downgrade() -> None:
    with op.batch_alter_table("import_batch") as table:
        table.drop_column("amounts")
