"""Releases of the shortage map."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "talent_0015"
down_revision = "talent_0014"
branch_labels = None
depends_on = None

_TABLES = ("shortage_release", "shortage_release_content", "shortage_release_step")


def upgrade() -> None:
    op.create_table(
        "shortage_release",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("quarter", sa.String(6), nullable=False),
        sa.Column("edition", sa.String(32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("method_version", sa.String(64), nullable=False),
        sa.Column("disclosure_version", sa.String(64), nullable=False),
        sa.Column("catalogue_version", sa.String(64), nullable=False),
        sa.Column("note_zh", sa.Text(), nullable=False),
        sa.Column("note_en", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Integer(), nullable=False),
        sa.Column("beside", sa.String(64)),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortage_release")),
        sa.ForeignKeyConstraint(["beside"], ["shortage_release.id"], name=op.f("fk_shortage_release_beside")),
        sa.UniqueConstraint(
            "quarter", "edition", "revision", name=op.f("uq_shortage_release_quarter_edition_revision")
        ),
    )
    op.create_table(
        "shortage_release_content",
        sa.Column("release_id", sa.String(64), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_shortage_release_content")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["shortage_release.id"], name=op.f("fk_shortage_release_content_release_id")
        ),
    )
    op.create_table(
        "shortage_release_step",
        sa.Column("release_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "number", name=op.f("pk_shortage_release_step")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["shortage_release.id"], name=op.f("fk_shortage_release_step_release_id")
        ),
    )
    for table in _TABLES:
        create_append_only(op, table)


def downgrade() -> None:
    for table in reversed(_TABLES):
        drop_append_only(op, table)
        op.drop_table(table)
