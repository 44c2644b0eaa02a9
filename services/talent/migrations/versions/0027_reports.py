"""Reports on how the future industries fare."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "talent_0027"
down_revision = "talent_0026"
branch_labels = None
depends_on = None

_TABLES = ("report", "report_content", "report_step")


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("period", sa.String(6), nullable=False),
        sa.Column("edition", sa.String(32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("release_id", sa.String(64), nullable=False),
        sa.Column("previous_release_id", sa.String(64)),
        sa.Column("corrects", sa.String(64)),
        sa.Column("correction_reason", sa.Text(), nullable=False),
        sa.Column("composition_version", sa.String(64), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.ForeignKeyConstraint(["release_id"], ["shortage_release.id"], name=op.f("fk_report_release_id")),
        sa.ForeignKeyConstraint(
            ["previous_release_id"], ["shortage_release.id"], name=op.f("fk_report_previous_release_id")
        ),
        sa.ForeignKeyConstraint(["corrects"], ["report.id"], name=op.f("fk_report_corrects")),
        sa.UniqueConstraint("period", "edition", "revision", name=op.f("uq_report_period_edition_revision")),
    )
    op.create_table(
        "report_content",
        sa.Column("report_id", sa.String(64), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report_content")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_content_report_id")),
    )
    op.create_table(
        "report_step",
        sa.Column("report_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("report_id", "number", name=op.f("pk_report_step")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_step_report_id")),
    )
    for table in _TABLES:
        create_append_only(op, table)


def downgrade() -> None:
    for table in reversed(_TABLES):
        drop_append_only(op, table)
        op.drop_table(table)
