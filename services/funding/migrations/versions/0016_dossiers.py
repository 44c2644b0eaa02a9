"""Documents of deals with their content, and determinations on duty dossiers."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "funding_0016"
down_revision = "funding_0015"
branch_labels = None
depends_on = None

_ONLY_GROW = ("deal_document", "deal_document_check", "determination")


def _deal() -> sa.Column[str]:
    return sa.Column("deal_id", sa.String(64), sa.ForeignKey("deal.id"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "deal_document",
        _deal(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(64), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("issued", sa.Date()),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored", sa.Boolean(), nullable=False),
        sa.Column("duplicate_of", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("deal_id", "number"),
    )
    op.create_index("ix_deal_document_digest", "deal_document", ["sha256"])
    op.create_table(
        "deal_document_check",
        _deal(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verifier", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("deal_id", "number"),
    )
    op.create_table(
        "document_content",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "determination",
        _deal(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trail_head", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("deal_id", "number"),
    )
    for table in _ONLY_GROW:
        create_append_only(op, table)


def downgrade() -> None:
    for table in _ONLY_GROW:
        drop_append_only(op, table)
    for table in (*_ONLY_GROW, "document_content"):
        op.drop_table(table)
