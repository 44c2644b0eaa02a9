"""Who recorded training places: of those that an import made, whoever imported them; of others from before, nobody."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0038"
down_revision = "talent_0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("training_place", sa.Column("actor", sa.String(128), nullable=False, server_default=""))
    made = sa.text(
        "SELECT r.resource_id AS id, b.created_by AS actor FROM import_row r JOIN import_batch b ON b.id = r.batch_id "
        "WHERE r.sheet = 'training' AND r.outcome = 'NEW' AND r.resource_id IS NOT NULL"
    )
    bind = op.get_bind()
    rows = [{"id": row.id, "actor": row.actor} for row in bind.execute(made)]
    if rows:
        bind.execute(sa.text("UPDATE training_place SET actor = :actor WHERE id = :id"), rows)


def downgrade() -> None:
    op.drop_column("training_place", "actor")
