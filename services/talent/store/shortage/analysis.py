"""Forecasts and plans in their tables."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from services.chassis.filtering import OrderTerm, Schema
from services.chassis.storage.listing import Listing
from services.talent.domain.shortage.outlook.allocation import Line
from services.talent.domain.shortage.outlook.records import (
    ForecastTarget,
    PlanLine,
    PublishedForecast,
    RecruitmentPlan,
)
from services.talent.domain.shortage.table import Address
from services.talent.store import schema


def add_forecast(session: Session, forecast: PublishedForecast, targets: Sequence[ForecastTarget]) -> None:
    """Keep a forecast with its targets."""
    session.add(forecast)
    session.flush()
    rows = [
        {
            "forecast_id": forecast.id,
            "number": number,
            **_codes(target.address),
            "due": target.due,
            "start": target.start,
            "mean": target.mean,
            "low": target.low,
            "high": target.high,
        }
        for number, target in enumerate(targets)
    ]
    if rows:
        session.execute(insert(schema.shortage_forecast_target), rows)


def forecasts_before(session: Session, day: date, most: int) -> list[PublishedForecast]:
    """The last forecasts that were made of days before `day`, oldest first."""
    table = schema.shortage_forecast
    query = select(PublishedForecast).where(table.c.as_of < day)
    newest = query.order_by(table.c.as_of.desc(), table.c.created_at.desc(), table.c.id).limit(most)
    return list(session.scalars(newest))[::-1]


def targets_of(session: Session, forecast_id: str) -> list[ForecastTarget]:
    """The targets of a forecast, in the order in which they were made."""
    table = schema.shortage_forecast_target
    query = select(table).where(table.c.forecast_id == forecast_id).order_by(table.c.number)
    return [
        ForecastTarget(_address(row), row.due, row.start, row.mean, row.low, row.high)
        for row in session.execute(query)
    ]


def add_plan(session: Session, plan: RecruitmentPlan, lines: Sequence[PlanLine]) -> None:
    """Keep a plan with its lines."""
    session.add(plan)
    session.flush()
    rows = [
        {
            "plan_id": plan.id,
            "number": number,
            **_codes(each.line.address),
            "recruits": each.line.recruits,
            "places": each.line.places,
            "supply": each.supply,
            "gap": each.line.gap,
            "closed": each.line.closed,
            "closed_low": each.line.low,
            "closed_high": each.line.high,
        }
        for number, each in enumerate(lines)
    ]
    if rows:
        session.execute(insert(schema.recruitment_plan_line), rows)


def lines_of(session: Session, plan_id: str) -> list[PlanLine]:
    """The lines of a plan, the largest closing first."""
    table = schema.recruitment_plan_line
    query = select(table).where(table.c.plan_id == plan_id).order_by(table.c.number)
    return [
        PlanLine(
            Line(
                _address(row), row.recruits, row.places, row.gap, row.closed, row.closed_low, row.closed_high
            ),
            row.supply,
        )
        for row in session.execute(query)
    ]


def forecasts() -> Listing:
    """Published forecasts: ListShortageForecasts, newest first."""
    table = schema.shortage_forecast
    return Listing(
        "ListShortageForecasts",
        Schema.of(),
        {},
        {"create_time": table.c.created_at},
        table.c.id,
        default_order=(OrderTerm("create_time", descending=True),),
    )


def plans() -> Listing:
    """Recruitment plans: ListRecruitmentPlans, newest first."""
    table = schema.recruitment_plan
    return Listing(
        "ListRecruitmentPlans",
        Schema.of(),
        {},
        {"create_time": table.c.created_at},
        table.c.id,
        default_order=(OrderTerm("create_time", descending=True),),
    )


def _codes(address: Address) -> dict[str, str]:
    return {"node": address.node, "city": address.city, "category": address.category}


def _address(row: Row[tuple[object, ...]]) -> Address:
    return Address(row.node, row.city, row.category)
