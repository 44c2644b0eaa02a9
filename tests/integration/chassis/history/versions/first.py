import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only
from services.chassis.storage.columns import UtcInstant

revision = "first"
down_revision = None


def upgrade() -> None:
    op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(10)))
    op.create_table(
        "child",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent_id", sa.Integer, sa.ForeignKey("parent.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", UtcInstant),
    )
    create_append_only(op, "child")


def downgrade() -> None:
    drop_append_only(op, "child")
    op.drop_table("child")
    op.drop_table("parent")
