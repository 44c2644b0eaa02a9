"""One cell of the shortage map in full: what the index is made of, why it is short, what helps, how it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from google.type.date_pb2 import Date

from bole.talent.v1 import shortage_analysis_pb2 as analysis
from bole.talent.v1 import shortage_analysis_service_pb2 as analysis_service
from bole.talent.v1 import shortage_analysis_service_pb2_grpc as analysis_grpc
from bole.talent.v1 import shortage_pb2 as shortage
from bole.talent.v1 import shortage_service_pb2 as service
from bole.talent.v1 import shortage_service_pb2_grpc as service_grpc
from services.console.backend import SECONDS
from services.console.draw.bars import Bar, signed_bars, span
from services.console.draw.series import Series, draw
from services.console.pages.beside import Beside, beside, together
from services.console.pages.cells import address_of
from services.console.pages.scopes import DIMENSIONS
from services.console.pages.shortage.ahead import Hires, Outlook, drawn, hires, outlook, simulated
from services.console.pages.shortage.looks import STAR_IN_DOUBT, Cell, grade_of, instead
from services.console.pages.shortage.people import Fitting, fitting
from services.console.web.visits import Visit
from services.kernel.text import Text

BARS = 160.0
SCALE = 260.0
TREND = (300.0, 90.0)
_SURPLUS = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A contribution and its bar."""

    name: str
    value: float
    bar: Bar
    reason: Any


@dataclass(frozen=True, slots=True)
class Trend:
    """The cell over quarters. `change` is what became of it since last year, if both are known."""

    points: Sequence[analysis.ShortageTrendPoint]
    series: Series
    change: analysis.ShortageChange | None

    @property
    def places(self) -> list[float]:
        """Where each point stands on the width of the drawing."""
        return [round(TREND[0] * at / (len(self.points) - 1), 1) for at in range(len(self.points))]


@dataclass(frozen=True, slots=True)
class Card:
    """All that is shown of a cell. `span`: its interval on a scale of 0 to 100. `people`: None for all industries."""

    answer: service.GetShortageCellResponse
    cell: Cell
    grade: str
    instead: str
    span: Bar | None
    parts: Sequence[Part]
    surplus: Sequence[service.ShortageSurplus]
    trend: Trend | None
    people: Beside[Fitting] | None
    outlook: Beside[Outlook]
    whatif: Beside[analysis_service.SimulateShortageResponse]
    hires: Beside[Hires]

    @property
    def doubt(self) -> Text | None:
        """What is to be said of its star."""
        return STAR_IN_DOUBT if self.cell.watch else None

    @property
    def positions(self) -> str:
        """The address of the open positions that it counts today."""
        scope = self.cell.scope
        given = {each: getattr(scope, f"{each}_code") for each in DIMENSIONS}
        return f"/positions?{urlencode({name: code for name, code in given.items() if code})}"


def card(
    visit: Visit,
    stub: service_grpc.ShortageServiceStub,
    scope: shortage.ShortageScope,
    day: Date | None,
) -> Card:
    """The card of a cell."""
    request, address = service.GetShortageCellRequest(scope=scope, as_of_date=day), address_of(scope)
    answer, trend, people, expected, *ahead = together(
        lambda: stub.GetShortageCell(request, timeout=SECONDS),
        lambda: _trend(visit, scope, day),
        lambda: None if address is None else beside(lambda: fitting(visit, address)),
        lambda: beside(lambda: outlook(visit, scope, day)),
        lambda: beside(lambda: simulated(visit, scope, day)),
        lambda: beside(lambda: hires(visit, scope)),
    )
    cell = answer.cell
    told = [each for each in cell.contributions if each.name != "constant" or each.value]
    bars = signed_bars([each.value for each in told], BARS)
    return Card(
        answer,
        cell,
        grade_of(cell),
        "" if cell.HasField("index") else instead(visit, cell),
        span(cell.low, cell.high, 0, 100, SCALE) if cell.HasField("low") else None,
        [
            Part(each.name, each.value, bar, each.reason if each.HasField("reason") else None)
            for each, bar in zip(told, bars, strict=True)
        ],
        answer.surplus_cities[:_SURPLUS],
        _index(trend),
        people,
        Beside(expected.answer and drawn(expected.answer, trend.points), expected.refused),
        *ahead,
    )


def _trend(
    visit: Visit, scope: shortage.ShortageScope, day: Date | None
) -> analysis_service.GetShortageTrendResponse:
    request = analysis_service.GetShortageTrendRequest(scope=scope, as_of_date=day)
    stub = visit.stub(analysis_grpc.ShortageAnalysisServiceStub)
    found: analysis_service.GetShortageTrendResponse = stub.GetShortageTrend(request, timeout=SECONDS)
    return found


def _index(found: analysis_service.GetShortageTrendResponse) -> Trend | None:
    """None where the index of fewer than two quarters is known."""
    known = [
        (each.cell.index, each.cell.low, each.cell.high) if each.cell.HasField("index") else None
        for each in found.points
    ]
    if sum(each is not None for each in known) < 2:
        return None
    change = found.change if found.HasField("change") else None
    return Trend(list(found.points), draw(known, *TREND, 0, 100), change)
