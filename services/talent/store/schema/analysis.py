"""Closed quarters, published forecasts and recruitment plans: written once, never changed."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
)

from services.chassis.storage.append_only import append_only
from services.chassis.storage.columns import Real, UtcInstant, big_integer
from services.talent.store.schema.registry import metadata

shortage_forecast = append_only(
    Table(
        "shortage_forecast",
        metadata,
        Column("id", String(64), primary_key=True),
        Column("created_at", UtcInstant, nullable=False, index=True),
        Column("author", String(128), nullable=False),
        Column("as_of", Date, nullable=False),
        Column("method_version", String(64), nullable=False),
        Column("origin", String(16), nullable=False),
        Column("target_count", Integer, nullable=False),
    )
)
shortage_forecast_target = append_only(
    Table(
        "shortage_forecast_target",
        metadata,
        Column("forecast_id", ForeignKey("shortage_forecast.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("node", String(63), nullable=False),
        Column("city", String(63), nullable=False),
        Column("category", String(63), nullable=False),
        Column("due", Date, nullable=False),
        Column("start", Integer, nullable=False),
        Column("mean", Real, nullable=False),
        Column("low", Real, nullable=False),
        Column("high", Real, nullable=False),
        PrimaryKeyConstraint("forecast_id", "number"),
    )
)
recruitment_plan = append_only(
    Table(
        "recruitment_plan",
        metadata,
        Column("id", String(64), primary_key=True),
        Column("created_at", UtcInstant, nullable=False, index=True),
        Column("author", String(128), nullable=False),
        Column("as_of", Date, nullable=False),
        Column("due", Date, nullable=False),
        Column("method_version", String(64), nullable=False),
        Column("origin", String(16), nullable=False),
        Column("recruits", Integer, nullable=False),
        Column("places", Integer, nullable=False),
        Column("amount_fen", big_integer(), nullable=False),
        Column("recruit_fen", big_integer(), nullable=False),
        Column("place_fen", big_integer(), nullable=False),
        Column("place_yield", Real, nullable=False),
        Column("gap", Real, nullable=False),
        Column("closed", Real, nullable=False),
        Column("closed_low", Real, nullable=False),
        Column("closed_high", Real, nullable=False),
        Column("spent_fen", big_integer(), nullable=False),
    )
)
recruitment_plan_line = append_only(
    Table(
        "recruitment_plan_line",
        metadata,
        Column("plan_id", ForeignKey("recruitment_plan.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("node", String(63), nullable=False),
        Column("city", String(63), nullable=False),
        Column("category", String(63), nullable=False),
        Column("recruits", Integer, nullable=False),
        Column("places", Integer, nullable=False),
        Column("supply", Real, nullable=False),
        Column("gap", Real, nullable=False),
        Column("closed", Real, nullable=False),
        Column("closed_low", Real, nullable=False),
        Column("closed_high", Real, nullable=False),
        PrimaryKeyConstraint("plan_id", "number"),
    )
)
closed_quarter = append_only(
    Table(
        "closed_quarter",
        metadata,
        Column("day", Date, primary_key=True),
        Column("method_version", String(64), nullable=False),
        Column("closed_at", UtcInstant, nullable=False),
        Column("counts", LargeBinary, nullable=False),
    )
)
