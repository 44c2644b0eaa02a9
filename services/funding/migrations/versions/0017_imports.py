"""Imports as batches, approvals of amounts, and figures that are taken back."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "funding_0017"
down_revision = "funding_0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "import_batch",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", big, nullable=False),
        sa.Column("mode", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(128), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("processed", big, nullable=False),
        sa.Column("sheets", sa.Text(), nullable=False),
        sa.Column("encoding", sa.String(16), nullable=False),
        sa.Column("warnings", sa.Text(), nullable=False),
        sa.Column("undone_by", sa.String(128), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index(op.f("ix_import_batch_sha256"), "import_batch", ["sha256"])
    op.create_index(op.f("ix_import_batch_created_at"), "import_batch", ["created_at"])
    op.create_table(
        "import_row",
        sa.Column("batch_id", sa.String(64), nullable=False),
        sa.Column("sheet", sa.String(16), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("resource_id", sa.String(64)),
        sa.Column("version", sa.Integer()),
        sa.Column("detail", sa.LargeBinary()),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batch.id"],
            name=op.f("fk_import_row_batch_id_import_batch"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch_id", "sheet", "row", name=op.f("pk_import_row")),
    )
    op.create_table(
        "amount_approval",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.String(128), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amount_approval")),
    )
    op.create_index("ix_amount_approval_subject", "amount_approval", ["subject"])
    create_append_only(op, "amount_approval")
    op.add_column("firm_snapshot", sa.Column("retracts", sa.Integer()))


def downgrade() -> None:
    drop_append_only(op, "firm_snapshot")
    with op.batch_alter_table("firm_snapshot") as table:
        table.drop_column("retracts")
    create_append_only(op, "firm_snapshot")
    drop_append_only(op, "amount_approval")
    for name in ("amount_approval", "import_row", "import_batch"):
        op.drop_table(name)
