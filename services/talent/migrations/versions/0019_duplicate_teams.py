"""Who is in which team, as last followed: common team-mates are evidence that two records are of one person."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0019"
down_revision = "talent_0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duplicate_team",
        sa.Column("team_id", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_duplicate_team_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team_id", "person_id", name=op.f("pk_duplicate_team")),
    )
    op.create_index(op.f("ix_duplicate_team_person_id"), "duplicate_team", ["person_id"])


def downgrade() -> None:
    op.drop_table("duplicate_team")
