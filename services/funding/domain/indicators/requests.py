"""What reports are expected of a firm, and where each stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.funding.domain.indicators.method import IndicatorMethod
from services.funding.domain.indicators.periods import Period, due_date, ended_between
from services.funding.domain.indicators.report import IndicatorReport
from services.kernel.clock import civil_date
from services.kernel.text import Text


class RequestState(StrEnum):
    """Where an expected report stands, what presses first."""

    LATE = "LATE"
    DUE = "DUE"
    RECEIVED_LATE = "RECEIVED_LATE"
    RECEIVED = "RECEIVED"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _LABELS[self]


_LABELS = {
    RequestState.LATE: Text("逾期未报", "late"),
    RequestState.DUE: Text("待报", "due"),
    RequestState.RECEIVED_LATE: Text("逾期已报", "received late"),
    RequestState.RECEIVED: Text("已报", "received"),
}


@dataclass(frozen=True)
class IndicatorRequest:
    """One expected report. `days_late`: after the due date, until the report or today."""

    firm_id: str
    period: Period
    due: date
    state: RequestState
    days_late: int

    @property
    def id(self) -> str:
        """What it is known by outside."""
        return f"{self.firm_id}.{self.period.name}"

    def is_news(self, told: RequestState | None) -> bool:
        """Whether it is to be told, after it was told as `told` (None: never). A report that has come before anybody
        was told that it is due is no news.
        """
        if told is None:
            return self.state in (RequestState.DUE, RequestState.LATE)
        return self.state is not told


def expected(
    firm_id: str,
    since: date,
    months: int,
    reports: Iterable[IndicatorReport],
    today: date,
    method: IndicatorMethod,
    handed_in: Iterable[tuple[Period, datetime]] = (),
) -> list[IndicatorRequest]:
    """The reports expected of a firm that is held since a day: one for each whole period that has ended.

    `handed_in`: what the firm has reported of itself and nobody has rejected; a report came when it was handed in.
    """
    first: dict[Period, date] = {}
    for period, at in sorted(
        [*((each.period, each.at) for each in reports), *handed_in], key=lambda each: each[1]
    ):
        first.setdefault(period, civil_date(at))
    return [
        _request(firm_id, period, first.get(period), today, method)
        for period in ended_between(since, today, months)
    ]


def in_order(requests: Iterable[IndicatorRequest]) -> list[IndicatorRequest]:
    """What presses first: late, due, received; within these the latest first."""
    states = list(RequestState)
    return sorted(
        requests, key=lambda each: (states.index(each.state), -each.period.start.toordinal(), each.firm_id)
    )


def _request(
    firm_id: str, period: Period, received: date | None, today: date, method: IndicatorMethod
) -> IndicatorRequest:
    due = due_date(period, method.days(period.months))
    late = max(0, ((received or today) - due).days)
    if received is None:
        state = RequestState.LATE if late else RequestState.DUE
    else:
        state = RequestState.RECEIVED_LATE if late else RequestState.RECEIVED
    return IndicatorRequest(firm_id, period, due, state, late)
