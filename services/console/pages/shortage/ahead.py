"""What comes of a cell: the forecast of its demand, what would change it, and what funded deals will hire."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from google.type.date_pb2 import Date

from bole.talent.v1 import expected_hire_service_pb2 as hires_service
from bole.talent.v1 import expected_hire_service_pb2_grpc as hires_grpc
from bole.talent.v1 import shortage_analysis_pb2 as analysis
from bole.talent.v1 import shortage_analysis_service_pb2 as service
from bole.talent.v1 import shortage_analysis_service_pb2_grpc as service_grpc
from bole.talent.v1 import shortage_pb2 as shortage
from services.chassis.rpc.wire import date_from_wire
from services.console.backend import SECONDS
from services.console.draw.fan import Fan, draw
from services.console.pages.called import Called, called
from services.console.pages.lists import condition
from services.console.web.visits import Visit

FAN = (300.0, 90.0)
MOST = 1_000_000
_DEALS = 8
_DAYS_PER_MONTH = 365.25 / 12
STEPS = ("recruits", "places", "firms", "exits")


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast and its fan; None where there is no forecast."""

    answer: service.ForecastShortageResponse
    fan: Fan | None

    @property
    def returns(self) -> bool:
        """Whether today lies outside the band of the last month: the forecast goes back to what has been usual."""
        if self.fan is None:
            return False
        low, *_, high = self.answer.months[-1].demand_quantiles
        return not low <= self.answer.cell.open_headcount <= high


def outlook(
    visit: Visit, scope: shortage.ShortageScope, day: Date | None
) -> service.ForecastShortageResponse:
    """The open headcount of the coming 24 months, beside the available people."""
    request = service.ForecastShortageRequest(scope=scope, as_of_date=day)
    found: service.ForecastShortageResponse = _stub(visit).ForecastShortage(request, timeout=SECONDS)
    return found


def drawn(found: service.ForecastShortageResponse, trend: Sequence[analysis.ShortageTrendPoint]) -> Outlook:
    """The fan of a forecast, with what was open at the ends of the quarters before; `trend` ends with its day."""
    if not found.months or not found.months[0].demand_quantiles:
        return Outlook(found, None)
    days = [date_from_wire(each.date) for each in trend]
    past = [
        ((days[-1] - day).days / _DAYS_PER_MONTH, _open(each.cell))
        for day, each in zip(days[:-1], trend[:-1], strict=True)
    ]
    supply = [found.cell.supply, *(each.supply for each in found.months)]
    quantiles = [list(each.demand_quantiles) for each in found.months]
    return Outlook(found, draw(float(found.cell.open_headcount), quantiles, supply, *FAN, past))


def _open(cell: shortage.ShortageCell) -> float | None:
    return None if cell.hidden else float(cell.open_headcount)


def simulated(visit: Visit, scope: shortage.ShortageScope, day: Date | None) -> Any:
    """The cell as it would be with what the address supposes; None where it supposes nothing."""
    recruits, places, firms = (visit.number(each, 0, MOST) for each in STEPS[:3])
    exits = visit.number("exits", 0, 100)
    if not any((recruits, places, firms, exits)):
        return None
    request = service.SimulateShortageRequest(
        scope=scope,
        recruits=recruits,
        training_places=places,
        funded_firms=firms,
        exits_avoided=exits / 100,
        as_of_date=day,
    )
    return _stub(visit).SimulateShortage(request, timeout=SECONDS)


@dataclass(frozen=True, slots=True)
class Unseen:
    """Expected hires of deals that the visitor may not look at: how many deals, how many of these have a plan of their
    own, the heads still to come and the last day.
    """

    deals: int
    planned: int
    heads: float
    until: Date


@dataclass(frozen=True, slots=True)
class Hires:
    """Expected hires of funded deals, and what those deals are called."""

    answer: hires_service.ListExpectedHiresResponse
    deals: Mapping[str, Called]

    @property
    def seen(self) -> list[tuple[hires_service.ExpectedHire, Called]]:
        """The lines of deals that the visitor may look at."""
        return [(each, deal) for each in self.answer.expected_hires if (deal := self.deals[each.deal]).page]

    @property
    def unseen(self) -> Unseen | None:
        """The others together; None if there are none."""
        lines = [each for each in self.answer.expected_hires if not self.deals[each.deal].page]
        if not lines:
            return None
        planned = {each.deal for each in lines if each.basis == hires_service.ExpectedHire.BASIS_PLAN}
        ends = max(lines, key=lambda each: (each.end_date.year, each.end_date.month, each.end_date.day))
        heads = sum(each.remaining_headcount for each in lines)
        return Unseen(len({each.deal for each in lines}), len(planned), heads, ends.end_date)


def hires(visit: Visit, scope: shortage.ShortageScope) -> Hires:
    """What funded deals are expected to hire in the cell, the largest first as far as they are on one page."""
    fields = {name.name: value for name, value in scope.ListFields()}
    request = hires_service.ListExpectedHiresRequest(
        page_size=_DEALS, filter=condition(fields | {"counted": "true"}, ("industry_code",))
    )
    found = visit.stub(hires_grpc.ExpectedHireServiceStub).ListExpectedHires(request, timeout=SECONDS)
    return Hires(found, called(visit, [each.deal for each in found.expected_hires]))


def _stub(visit: Visit) -> service_grpc.ShortageAnalysisServiceStub:
    return visit.stub(service_grpc.ShortageAnalysisServiceStub)
