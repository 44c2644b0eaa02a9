"""Keys leave the history: what is never deleted must not hold what erasure destroys."""

from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "talent_0005"
down_revision = "talent_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    drop_append_only(op, "history")
    op.execute("UPDATE history SET state = NULL WHERE entity = 'key'")
    create_append_only(op, "history")


def downgrade() -> None:
    """Nothing to do: a key that was taken out does not come back."""
