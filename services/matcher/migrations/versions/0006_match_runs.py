"""Runs over all anchors of a kind, and what they found."""

import sqlalchemy as sa
from alembic import op

revision = "matcher_0006"
down_revision = "matcher_0005"
branch_labels = None
depends_on = None
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "match_run",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("limit", sa.Integer(), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("same_industry", sa.Boolean(), nullable=False),
        sa.Column("cities", sa.Text(), nullable=False),
        sa.Column("creator", sa.String(length=200), nullable=False),
        sa.Column("model", sa.String(length=128), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("anchors", _BIG, nullable=False),
        sa.Column("done", _BIG, nullable=False),
        sa.Column("pairs", _BIG, nullable=False),
        sa.Column("cursor", sa.String(length=64), nullable=False),
        sa.Column("reason_zh", sa.Text(), nullable=False),
        sa.Column("reason_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_run")),
    )
    op.create_index(op.f("ix_match_run_state"), "match_run", ["state"])
    op.create_index("ix_match_run_created", "match_run", ["created_at", "id"])
    op.create_table(
        "match_run_pair",
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("anchor_id", sa.String(length=64), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.String(length=64), nullable=False),
        sa.Column("log_odds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "anchor_id", "rank", name=op.f("pk_match_run_pair")),
    )
    op.create_index("ix_match_run_pair_candidate", "match_run_pair", ["candidate_id"])
    op.create_index("ix_match_run_pair_anchor", "match_run_pair", ["anchor_id"])


def downgrade() -> None:
    op.drop_table("match_run_pair")
    op.drop_table("match_run")
