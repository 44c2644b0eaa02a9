"""Acts on people that a second person approved, and which of them were done."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "talent_0031"
down_revision = "talent_0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "act_approval",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("account", sa.String(128), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("sheet", sa.String(16), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.String(128), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act_approval")),
    )
    op.create_index("ix_act_approval_account", "act_approval", ["account", "approved_at"])
    op.create_table(
        "act_approval_use",
        sa.Column("approval_id", sa.String(64), nullable=False),
        sa.Column("used_for", sa.String(80), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["act_approval.id"], name=op.f("fk_act_approval_use_approval_id_act_approval")
        ),
        sa.PrimaryKeyConstraint("approval_id", name=op.f("pk_act_approval_use")),
    )
    for name in ("act_approval", "act_approval_use"):
        create_append_only(op, name)


def downgrade() -> None:
    for name in ("act_approval_use", "act_approval"):
        drop_append_only(op, name)
        op.drop_table(name)
