"""Contents of documents that were erased: asked for by one person, carried out by another."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "funding_0026"
down_revision = "funding_0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_erasure",
        sa.Column("deal_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("deal_id", "number", "step"),
        sa.ForeignKeyConstraint(["deal_id", "number"], ["deal_document.deal_id", "deal_document.number"]),
    )
    create_append_only(op, "document_erasure")


def downgrade() -> None:
    drop_append_only(op, "document_erasure")
    op.drop_table("document_erasure")
