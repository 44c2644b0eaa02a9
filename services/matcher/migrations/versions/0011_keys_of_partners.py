"""Keys of partners: what they are for, what they open, when they were made, used and revoked."""

import sqlalchemy as sa
from alembic import op

revision = "matcher_0011"
down_revision = "matcher_0010"
branch_labels = None
depends_on = None
_NEW = ("revoked_at", "last_used_at", "created_at", "scope", "title")


def upgrade() -> None:
    with op.batch_alter_table("partner_key") as batch:
        batch.add_column(sa.Column("title", sa.Text(), nullable=False, server_default=sa.text("''")))
        batch.add_column(
            sa.Column("scope", sa.String(length=32), nullable=False, server_default=sa.text("'FULL'"))
        )
        batch.add_column(sa.Column("created_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("last_used_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("revoked_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE partner_key SET created_at = "
        "(SELECT partner.created_at FROM partner WHERE partner.id = partner_key.partner_id)"
    )
    with op.batch_alter_table("partner_key") as batch:
        batch.alter_column("created_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    op.execute("DELETE FROM partner_key WHERE revoked_at IS NOT NULL OR scope <> 'FULL'")
    with op.batch_alter_table("partner_key") as batch:
        for name in _NEW:
            batch.drop_column(name)
