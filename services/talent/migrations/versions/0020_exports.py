"""The register of exports, and who is in each file."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "talent_0020"
down_revision = "talent_0019"
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
    create_append_only(op, "export_register")
    op.create_table(
        "export_person",
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("export_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"], ["export_register.id"], name=op.f("fk_export_person_export_id_export_register")
        ),
        sa.PrimaryKeyConstraint("person_id", "export_id", name=op.f("pk_export_person")),
    )


def downgrade() -> None:
    op.drop_table("export_person")
    drop_append_only(op, "export_register")
    op.drop_table("export_register")
