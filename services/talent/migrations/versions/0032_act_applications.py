"""Acts on people for which somebody asks a second person, how that was answered, and imports that are undone."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "talent_0032"
down_revision = "talent_0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("act_approval", sa.Column("batch", sa.String(64), nullable=False, server_default=""))
    op.create_table(
        "act_application",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("account", sa.String(128), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("sheet", sa.String(16), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("batch", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act_application")),
    )
    op.create_index("ix_act_application_asked", "act_application", ["asked_at"])
    op.create_table(
        "act_answer",
        sa.Column("application_id", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(128), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approval_id", sa.String(64)),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["act_application.id"],
            name=op.f("fk_act_answer_application_id_act_application"),
        ),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["act_approval.id"], name=op.f("fk_act_answer_approval_id_act_approval")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_act_answer")),
    )
    for name in ("act_application", "act_answer"):
        create_append_only(op, name)


def downgrade() -> None:
    for name in ("act_answer", "act_application"):
        drop_append_only(op, name)
        op.drop_table(name)
    op.drop_column("act_approval", "batch")
