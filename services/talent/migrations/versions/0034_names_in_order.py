"""What people are sorted by: the sound of their names. The program fills it when it starts."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0034"
down_revision = "talent_0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    by_bytes = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")
    op.add_column("person_text", sa.Column("sound", by_bytes, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("person_text", "sound")
