"""Which versions of a record an import wrote and its undo took back."""

import sqlalchemy as sa
from alembic import op

revision = "funding_0036"
down_revision = "funding_0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_taken_back",
        sa.Column("entity", sa.String(32), nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("first", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("entity", "id", "first"),
    )


def downgrade() -> None:
    op.drop_table("import_taken_back")
