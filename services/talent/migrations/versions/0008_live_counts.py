"""The counts of the shortage map, kept up to date by every change; what periods and days left behind."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "talent_0008"
down_revision = "talent_0007"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "shortage_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", _BIG, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortage_state")),
    )
    _cells(
        "shortage_count",
        ("measure", "node", "city", "category"),
        ("value", "revision"),
        measure=sa.String(length=16),
    )
    _cells(
        "shortage_concentration",
        ("node", "city", "category"),
        ("employers", "squared", "largest", "second", "revision"),
    )
    _cells("shortage_employer_size", ("node", "city", "category", "heads"), ("employers",), heads=_BIG)
    _cells("shortage_employer", ("employer", "leaf", "city", "category"), ("heads",), employer=sa.Text())
    for table in ("shortage_count", "shortage_concentration"):
        op.create_index(op.f(f"ix_{table}_revision"), table, ["revision"], unique=False)
    op.create_table(
        "shortage_snapshot",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("revision", _BIG, nullable=False),
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_shortage_snapshot")),
    )
    op.create_table(
        "shortage_period",
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("tokens", _BIG, nullable=False),
        sa.Column("method_version", sa.String(length=40), nullable=False),
        sa.Column("catalogue_version", sa.String(length=40), nullable=False),
        sa.Column("priors", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_shortage_period")),
    )
    op.create_index("ix_shortage_period_day", "shortage_period", ["day"], unique=False)


def downgrade() -> None:
    for table in (
        "shortage_period",
        "shortage_snapshot",
        "shortage_employer",
        "shortage_employer_size",
        "shortage_concentration",
        "shortage_count",
        "shortage_state",
    ):
        op.drop_table(table)


def _cells(
    name: str, key: tuple[str, ...], values: tuple[str, ...], **types: sa.types.TypeEngine[Any]
) -> None:
    """A table of 64-bit numbers by a key of codes."""
    op.create_table(
        name,
        *(sa.Column(each, types.get(each, sa.String(length=63)), nullable=False) for each in key),
        *(sa.Column(each, _BIG, nullable=False) for each in values),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
    )
