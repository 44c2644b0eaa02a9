"""People behind firms, keys that make duplicates findable, and merged records."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "funding_0019"
down_revision = "funding_0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("firm", sa.Column("merged_into", sa.String(64)))
    op.create_index("ix_firm_merged_into", "firm", ["merged_into"])
    op.create_table(
        "firm_person",
        sa.Column("firm_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("share_ppm", sa.Integer()),
        sa.Column("since", sa.Date()),
        sa.Column("until", sa.Date()),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["firm.id"], name=op.f("fk_firm_person_firm_id_firm"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("firm_id", "number", name=op.f("pk_firm_person")),
    )
    op.create_index("ix_firm_person_name", "firm_person", ["name"])
    op.create_table(
        "firm_block",
        sa.Column("firm_id", sa.String(64), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["firm.id"], name=op.f("fk_firm_block_firm_id_firm"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("firm_id", "key", name=op.f("pk_firm_block")),
    )
    op.create_index("ix_firm_block_key", "firm_block", ["key"])
    op.create_table(
        "firm_merge",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("firm_id", sa.String(64), nullable=False),
        sa.Column("survivor_id", sa.String(64), nullable=False),
        sa.Column("act", sa.String(8), nullable=False),
        sa.Column("status_before", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm_merge")),
    )
    op.create_index("ix_firm_merge_firm_id", "firm_merge", ["firm_id"])
    create_append_only(op, "firm_merge")


def downgrade() -> None:
    drop_append_only(op, "firm_merge")
    for table in ("firm_merge", "firm_block", "firm_person"):
        op.drop_table(table)
    op.drop_index("ix_firm_merged_into", table_name="firm")
    with op.batch_alter_table("firm") as firm:
        firm.drop_column("merged_into")
