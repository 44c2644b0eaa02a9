"""Whose a right is; what a screening says of pledges and first loans. The rows are made anew."""

import sqlalchemy as sa
from alembic import op

revision = "funding_0021"
down_revision = "funding_0020"
branch_labels = None
depends_on = None

_SCREENED = {"first_loan": "UNKNOWN", "ip_pledge": "NO_RIGHTS"}


def upgrade() -> None:
    op.add_column("ip_right", sa.Column("ownership", sa.String(32), nullable=True))
    op.add_column("ip_right", sa.Column("ownership_document", sa.Text(), nullable=False, server_default=""))
    for name, value in _SCREENED.items():
        op.add_column("screened", sa.Column(name, sa.String(32), nullable=False, server_default=value))
    op.execute("DELETE FROM screened")
    op.execute("DELETE FROM screening_day")


def downgrade() -> None:
    for name in reversed(_SCREENED):
        op.drop_column("screened", name)
    op.drop_column("ip_right", "ownership_document")
    op.drop_column("ip_right", "ownership")
