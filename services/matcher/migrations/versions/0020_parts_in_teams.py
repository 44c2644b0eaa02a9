"""What part members have in their teams; of teams told before it is not known."""

import sqlalchemy as sa
from alembic import op

revision = "matcher_0020"
down_revision = "matcher_0019"
branch_labels = None
depends_on = None
_COLUMNS = (("share", sa.Integer()), ("since", sa.Date()), ("until", sa.Date()))


def upgrade() -> None:
    for name, type_ in _COLUMNS:
        op.add_column("team_member", sa.Column(name, type_))


def downgrade() -> None:
    for name, _ in _COLUMNS:
        op.drop_column("team_member", name)
