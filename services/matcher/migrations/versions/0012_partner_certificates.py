"""Client certificates of partners."""

import sqlalchemy as sa
from alembic import op

revision = "matcher_0012"
down_revision = "matcher_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partner_certificate",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("partner_id", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_certificate")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_partner_certificate_fingerprint")),
    )
    op.create_index(op.f("ix_partner_certificate_partner_id"), "partner_certificate", ["partner_id"])


def downgrade() -> None:
    op.drop_table("partner_certificate")
