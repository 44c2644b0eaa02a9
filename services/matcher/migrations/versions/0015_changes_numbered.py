"""Changes of items are numbered, and how far the lists have followed is one number."""

import sqlalchemy as sa
from alembic import op

revision = "matcher_0015"
down_revision = "matcher_0014"
branch_labels = None
depends_on = None
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "item_counter",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_counter")),
    )
    op.execute(
        "INSERT INTO item_counter (id, last) "
        "SELECT 1, CASE WHEN EXISTS (SELECT 1 FROM item WHERE NOT settled) THEN 1 ELSE 0 END"
    )
    op.add_column(
        "match_counter", sa.Column("followed", _NUMBER, server_default=sa.text("0"), nullable=False)
    )
    op.add_column("item", sa.Column("change", _NUMBER, server_default=sa.text("0"), nullable=False))
    op.execute("UPDATE item SET change = 1, settled = true WHERE NOT settled")
    op.drop_index("ix_item_settled", "item")
    with op.batch_alter_table("item") as batch:
        batch.alter_column("settled", existing_type=sa.Boolean(), server_default=sa.text("true"))
    op.create_index("ix_item_change", "item", ["change"])
    op.create_index(
        "ix_item_unsettled",
        "item",
        ["settled"],
        sqlite_where=sa.text("NOT settled"),
        postgresql_where=sa.text("NOT settled"),
    )


def downgrade() -> None:
    op.drop_index("ix_item_unsettled", "item")
    op.drop_index("ix_item_change", "item")
    op.execute(
        "UPDATE item SET settled = false WHERE change > (SELECT coalesce(max(followed), 0) FROM match_counter)"
    )
    with op.batch_alter_table("item") as batch:
        batch.alter_column("settled", existing_type=sa.Boolean(), server_default=None)
        batch.drop_column("change")
    op.create_index("ix_item_settled", "item", ["settled"])
    op.drop_column("match_counter", "followed")
    op.drop_table("item_counter")
