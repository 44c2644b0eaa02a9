"""Notes on deals, and which of their reminders are settled."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "funding_0034"
down_revision = "funding_0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deal_note",
        sa.Column("deal_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("commitment", sa.String(64), nullable=False),
        sa.Column("remind_on", sa.Date()),
        sa.Column("reminded", sa.String(128), nullable=False),
        sa.Column("documents", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"]),
        sa.PrimaryKeyConstraint("deal_id", "number"),
    )
    op.create_index("ix_deal_note_reminded", "deal_note", ["reminded", "remind_on"])
    op.create_table(
        "reminder_settled",
        sa.Column("deal_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("deal_id", "number"),
        sa.ForeignKeyConstraint(["deal_id", "number"], ["deal_note.deal_id", "deal_note.number"]),
    )
    for table in ("deal_note", "reminder_settled"):
        create_append_only(op, table)


def downgrade() -> None:
    for table in ("reminder_settled", "deal_note"):
        drop_append_only(op, table)
        op.drop_table(table)
