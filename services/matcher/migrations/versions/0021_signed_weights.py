"""Who signed for weights, and why; of most nobody did."""

import sqlalchemy as sa
from alembic import op

revision = "matcher_0021"
down_revision = "matcher_0020"
branch_labels = None
depends_on = None
_COLUMNS = (("signed_by", sa.String(128)), ("signed_reason", sa.Text()))


def upgrade() -> None:
    for name, type_ in _COLUMNS:
        op.add_column("weighing", sa.Column(name, type_))


def downgrade() -> None:
    for name, _ in _COLUMNS:
        op.drop_column("weighing", name)
