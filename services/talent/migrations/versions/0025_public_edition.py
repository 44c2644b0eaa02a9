"""The states of the public edition: it moves in steps that are safe beside each other."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0025"
down_revision = "talent_0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "shortage_public",
        sa.Column("number", big, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("revision", big, nullable=False),
        sa.Column("period", sa.String(32), nullable=False),
        sa.Column("tokens", big, nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_shortage_public")),
    )
    op.create_index(op.f("ix_shortage_public_day"), "shortage_public", ["day"])


def downgrade() -> None:
    op.drop_index(op.f("ix_shortage_public_day"), table_name="shortage_public")
    op.drop_table("shortage_public")
