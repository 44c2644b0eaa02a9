"""The evidence register."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0017"
down_revision = "talent_0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("ref", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("type_code", sa.String(63), nullable=False),
        sa.Column("city", sa.String(63), nullable=False),
        sa.Column("industry", sa.String(63), nullable=False),
        sa.Column("approved", sa.Date()),
        sa.Column("opened", sa.Date()),
        sa.Column("closed", sa.Date()),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("department", sa.String(63), nullable=False),
        sa.Column("person_id", sa.String(64)),
        sa.Column("team_id", sa.String(64)),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("entered_by", sa.String(128), nullable=False),
        sa.Column("confirmed_by", sa.String(128), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("ref", name=op.f("uq_evidence_ref")),
    )
    op.create_index(op.f("ix_evidence_person_id"), "evidence", ["person_id"])
    op.create_index(op.f("ix_evidence_team_id"), "evidence", ["team_id"])
    op.create_index("ix_evidence_kind_opened", "evidence", ["kind", "opened"])


def downgrade() -> None:
    op.drop_table("evidence")
