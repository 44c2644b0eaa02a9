"""What was told of the cells of the shortage map, and watches on them."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0016"
down_revision = "talent_0015"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "shortage_told",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortage_told")),
    )
    op.create_table(
        "shortage_standing",
        *_cell(),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("version", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("node", "city", "category", name=op.f("pk_shortage_standing")),
    )
    op.create_table(
        "shortage_watch",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        *_cell(),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("fresh", sa.Boolean(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortage_watch")),
    )
    op.create_index("ix_shortage_watch_owner", "shortage_watch", ["owner", "created_at"], unique=False)


def downgrade() -> None:
    for table in ("shortage_watch", "shortage_standing", "shortage_told"):
        op.drop_table(table)


def _cell() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(length=63), nullable=False) for name in ("node", "city", "category")]
