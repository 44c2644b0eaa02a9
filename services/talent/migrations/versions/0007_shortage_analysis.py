"""Published forecasts of the shortage map, and recruitment plans."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "talent_0007"
down_revision = "talent_0006"
branch_labels = None
depends_on = None

_TABLES = ("shortage_forecast", "shortage_forecast_target", "recruitment_plan", "recruitment_plan_line")


def upgrade() -> None:
    _forecasts()
    _plans()
    for table in _TABLES:
        create_append_only(op, table)


def downgrade() -> None:
    for table in reversed(_TABLES):
        drop_append_only(op, table)
        op.drop_table(table)


def _forecasts() -> None:
    op.create_table(
        "shortage_forecast",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(length=128), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("method_version", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("target_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortage_forecast")),
    )
    op.create_index(op.f("ix_shortage_forecast_created_at"), "shortage_forecast", ["created_at"])
    op.create_table(
        "shortage_forecast_target",
        sa.Column("forecast_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *_cell(),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("mean", "low", "high")),
        sa.ForeignKeyConstraint(
            ["forecast_id"], ["shortage_forecast.id"], name=op.f("fk_shortage_forecast_target_forecast_id")
        ),
        sa.PrimaryKeyConstraint("forecast_id", "number", name=op.f("pk_shortage_forecast_target")),
    )


def _plans() -> None:
    op.create_table(
        "recruitment_plan",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(length=128), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("method_version", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("recruits", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)
            for name in ("amount_fen", "recruit_fen", "place_fen")
        ),
        sa.Column("place_yield", sa.Float(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("gap", *_CLOSED)),
        sa.Column("spent_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recruitment_plan")),
    )
    op.create_index(op.f("ix_recruitment_plan_created_at"), "recruitment_plan", ["created_at"])
    op.create_table(
        "recruitment_plan_line",
        sa.Column("plan_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *_cell(),
        sa.Column("recruits", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("supply", "gap", *_CLOSED)),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["recruitment_plan.id"], name=op.f("fk_recruitment_plan_line_plan_id")
        ),
        sa.PrimaryKeyConstraint("plan_id", "number", name=op.f("pk_recruitment_plan_line")),
    )


_CLOSED = ("closed", "closed_low", "closed_high")


def _cell() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(length=63), nullable=False) for name in ("node", "city", "category")]
