"""The register of exports, and the sums of each file."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "funding_0018"
down_revision = "funding_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "export_register",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(128), nullable=False),
        sa.Column("purpose", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sheet", sa.String(16), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("rows", big, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", big, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_register")),
    )
    op.create_index(op.f("ix_export_register_created_at"), "export_register", ["created_at"])
    op.create_table(
        "export_sum",
        sa.Column("export_id", sa.String(64), nullable=False),
        sa.Column("column", sa.String(40), nullable=False),
        sa.Column("fen", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"], ["export_register.id"], name=op.f("fk_export_sum_export_id_export_register")
        ),
        sa.PrimaryKeyConstraint("export_id", "column", name=op.f("pk_export_sum")),
    )
    for table in ("export_register", "export_sum"):
        create_append_only(op, table)


def downgrade() -> None:
    for table in ("export_sum", "export_register"):
        drop_append_only(op, table)
        op.drop_table(table)
