"""Blocks by which repeated people are found, what is suggested and decided about them, and what undoes a merge."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0011"
down_revision = "talent_0010"
branch_labels = None
depends_on = None

_STANDING = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "duplicate_block",
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        _person("duplicate_block", "person_id"),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_duplicate_block")),
    )
    op.create_index("ix_duplicate_block_key", "duplicate_block", ["key", "person_id"])
    _suggestions()
    _judgements()
    op.create_table(
        "merged_record",
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("ref", sa.String(64), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_merged_record")),
    )


def _suggestions() -> None:
    name = "duplicate_suggestion"
    op.create_table(
        name,
        sa.Column("id", sa.String(160), nullable=False),
        sa.Column("left", sa.String(64), nullable=False),
        sa.Column("right", sa.String(64), nullable=False),
        sa.Column("band", sa.String(32), nullable=False),
        sa.Column("millibits", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(32)),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        _person(name, "left"),
        _person(name, "right"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_suggestion")),
    )
    op.create_index(op.f("ix_duplicate_suggestion_left"), name, ["left"])
    op.create_index(op.f("ix_duplicate_suggestion_right"), name, ["right"])
    op.create_index("ix_duplicate_suggestion_millibits", name, ["millibits", "id"])


def _judgements() -> None:
    name = "duplicate_judgement"
    op.create_table(
        name,
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("left", sa.String(64), nullable=False),
        sa.Column("right", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("millibits", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("author", sa.String(128), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column("deleted_by", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_judgement")),
    )
    op.create_index(op.f("ix_duplicate_judgement_right"), name, ["right"])
    op.create_index("ix_duplicate_judgement_left", name, ["left", "right"])
    op.create_index(
        "uq_duplicate_judgement_standing",
        name,
        ["left", "right"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )


def _person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["person.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )


def downgrade() -> None:
    for table in ("merged_record", "duplicate_judgement", "duplicate_suggestion", "duplicate_block"):
        op.drop_table(table)
