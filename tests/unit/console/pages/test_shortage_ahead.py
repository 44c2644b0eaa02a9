"""The forecast of a cell as a page draws it: with what was before, and told where it returns to the average."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from bole.talent.v1 import shortage_analysis_pb2 as analysis
from bole.talent.v1 import shortage_analysis_service_pb2 as service
from bole.talent.v1 import shortage_pb2 as shortage
from services.chassis.rpc.wire import date_to_wire
from services.console.pages.shortage.ahead import drawn
from services.console.web.rendering import render
from tests.unit.console.pages.visiting import visit

TODAY = date(2026, 11, 28)


def _forecast(today: int) -> service.ForecastShortageResponse:
    months = [
        analysis.ShortageForecastMonth(months_ahead=at, demand_quantiles=[20, 25, 30, 35, 40], supply=10)
        for at in range(1, 25)
    ]
    cell = shortage.ShortageCell(open_headcount=today, supply=10)
    return service.ForecastShortageResponse(cell=cell, months=months, quarters_known=3)


def _trend(*before: int | None) -> list[analysis.ShortageTrendPoint]:
    """At the ends of quarters; None where the cell was hidden."""
    found = []
    for at, heads in enumerate([*before, 30]):
        cell = shortage.ShortageCell(open_headcount=heads or 0, hidden=heads is None)
        day = TODAY - timedelta(days=91 * (len(before) - at))
        found.append(analysis.ShortageTrendPoint(date=date_to_wire(day), cell=cell))
    return found


def test_the_quarters_before_lead_to_today_and_a_hidden_one_is_a_gap() -> None:
    fan = drawn(_forecast(30), _trend(10, None, 20)).fan
    assert fan is not None
    assert len(fan.dots) == 3
    assert fan.dots[-1] == (fan.today.x, fan.today.y)
    assert 0 < fan.today.x < 150  # nine months of 33 lie before today
    assert fan.past.count("M") == 1


def test_without_a_quarter_before_the_fan_begins_at_the_left() -> None:
    fan = drawn(_forecast(30), _trend()).fan
    assert fan is not None
    assert (fan.today.x, fan.past) == (0, "")


@pytest.mark.parametrize(("today", "returns"), [(19, True), (20, False), (40, False), (41, True)])
def test_it_is_told_where_today_lies_outside_what_the_forecast_holds_likely(
    today: int, returns: bool
) -> None:
    assert drawn(_forecast(today), _trend(10)).returns is returns


def test_without_months_there_is_nothing_to_draw() -> None:
    found = drawn(service.ForecastShortageResponse(), _trend(10, 20))
    assert (found.fan, found.returns) == (None, False)


def test_under_it_stands_how_its_bands_are_read() -> None:
    card = SimpleNamespace(
        outlook=SimpleNamespace(answer=drawn(_forecast(30), _trend(10))),
        whatif=SimpleNamespace(refused="no right to ask"),
        hires=SimpleNamespace(answer=None),
    )
    page = bytes(render(visit(), "shortage/ahead.html", card=card).body).decode()
    assert "十次约有九次落在浅带内" in page
    assert "依据 3 个已结束的季度" in page
