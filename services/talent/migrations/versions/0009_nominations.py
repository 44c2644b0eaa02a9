"""Nominations for the talent programmes, their steps, and quotas."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "talent_0009"
down_revision = "talent_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nomination",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("programme", sa.String(63), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(64)),
        sa.Column("person_id", sa.String(64)),
        sa.Column("team_id", sa.String(64)),
        sa.Column("city", sa.String(63), nullable=False),
        sa.Column("industry", sa.String(63), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("nominated_by", sa.String(128), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("funded_fen", sa.BigInteger(), nullable=False),
        sa.Column("decided", sa.Date()),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
    )
    op.create_index("ix_nomination_programme", "nomination", ["programme", "year", "industry", "state"])
    op.create_index("ix_nomination_updated_at", "nomination", ["updated_at", "id"])
    for column in ("subject", "person_id", "team_id"):
        op.create_index(op.f(f"ix_nomination_{column}"), "nomination", [column])
    op.create_table(
        "nomination_step",
        sa.Column("nomination_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("before", sa.String(32)),
        sa.Column("after", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_nomination_step_nomination_id")
        ),
        sa.PrimaryKeyConstraint("nomination_id", "number", name=op.f("pk_nomination_step")),
    )
    create_append_only(op, "nomination_step")
    op.create_table(
        "nomination_quota",
        sa.Column("programme", sa.String(63), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("industry", sa.String(63), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("updated_by", sa.String(128), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("programme", "year", "industry", name=op.f("pk_nomination_quota")),
    )


def downgrade() -> None:
    op.drop_table("nomination_quota")
    drop_append_only(op, "nomination_step")
    op.drop_table("nomination_step")
    op.drop_table("nomination")
