"""Where a candidate stood in the list that its proposer saw; of earlier proposals it is not known."""

import sqlalchemy as sa
from alembic import op

revision = "matcher_0017"
down_revision = "matcher_0016"
branch_labels = None
depends_on = None
_TABLES = ("proposal", "feedback")
_COLUMNS = ("shown_rank", "shown_page")


def upgrade() -> None:
    for table in _TABLES:
        for column in _COLUMNS:
            op.add_column(table, sa.Column(column, sa.Integer()))


def downgrade() -> None:
    for table in _TABLES:
        for column in _COLUMNS:
            op.drop_column(table, column)
