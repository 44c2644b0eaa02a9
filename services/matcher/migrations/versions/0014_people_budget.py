"""How many people one account was shown today, and which."""

import sqlalchemy as sa
from alembic import op

revision = "matcher_0014"
down_revision = "matcher_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "people_budget",
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("actor", name=op.f("pk_people_budget")),
    )
    op.create_table(
        "people_seen",
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("actor", "id", name=op.f("pk_people_seen")),
    )
    op.create_index(op.f("ix_people_seen_id"), "people_seen", ["id"])


def downgrade() -> None:
    op.drop_table("people_seen")
    op.drop_table("people_budget")
