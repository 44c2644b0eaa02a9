"""The months that the shortage map can be turned back to: a slider from the first month with data to today."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from google.type.date_pb2 import Date

from bole.talent.v1 import shortage_analysis_service_pb2 as service
from bole.talent.v1 import shortage_analysis_service_pb2_grpc as service_grpc
from services.chassis.rpc.wire import date_from_wire
from services.console.backend import SECONDS
from services.console.web.visits import Visit, whole_number
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument

PARAMETER = "back"
_MOST = 24
"""Months back, in all: eight closed quarters, as far as trends reach."""


@dataclass(frozen=True, slots=True)
class Months:
    """Month ends by how many months they lie back, the longest ago first; `at`: the one that is shown, 0 for today."""

    ends: Sequence[tuple[int, date]]
    at: int

    @property
    def shown(self) -> date:
        """The end that is shown; today's month for today."""
        return dict(self.ends)[self.at]


def month_end(today: date, back: int) -> date:
    """The last day of the month that lies so many months before that of `today`; today itself for 0."""
    if back == 0:
        return today
    year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def asked_back(visit: Visit) -> date | None:
    """The day that the slider asks for (`back`: 0 to 24 months before today, which a slider sends as 0 to −24);
    None where it is not asked. Raises InvalidArgument.
    """
    given = visit.get(PARAMETER)
    if not given:
        return None
    back = whole_number(given.removeprefix("-"), _MOST)
    if back is None:
        raise InvalidArgument.field(
            PARAMETER,
            "NOT_A_MONTH",
            f"月份应为 -{_MOST} 至 0 的整数，表示今天之前第几个月",
            f"give the month as a whole number from -{_MOST} to 0, counted from today's",
        )
    return month_end(civil_date(visit.now), back)


def months(visit: Visit, day: Date | None) -> Months | None:
    """The months that have data, and the one in which `day` lies (None: today). None if there are fewer than two."""
    stub = visit.stub(service_grpc.ShortageAnalysisServiceStub)
    points = stub.GetShortageTrend(service.GetShortageTrendRequest(), timeout=SECONDS).points
    if not points:
        return None
    today, first = civil_date(visit.now), date_from_wire(points[0].date)
    ends = [(back, month_end(today, back)) for back in range(_MOST, -1, -1)]
    known = [(back, end) for back, end in ends if end >= first]
    if len(known) < 2:
        return None
    shown = today if day is None else date_from_wire(day)
    at = (today.year - shown.year) * 12 + today.month - shown.month
    return Months(known, min(max(at, 0), known[0][0]))
