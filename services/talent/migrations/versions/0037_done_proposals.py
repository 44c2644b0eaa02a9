"""Proposals that came to something."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0037"
down_revision = "talent_0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "done_proposal",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("part", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=True),
        sa.Column("other", sa.String(160), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_done_proposal")),
    )
    op.create_index(op.f("ix_done_proposal_person_id"), "done_proposal", ["person_id"])


def downgrade() -> None:
    op.drop_table("done_proposal")
