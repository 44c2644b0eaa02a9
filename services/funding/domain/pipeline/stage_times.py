"""How long a deal may stand in a stage (办理时限), and how it stands by that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from services.funding.domain.deal.states import DealState
from services.kernel.text import Text

# Civil days that a stage may take: a proposal, in force where a mandate sets no others.
ALLOWED_DAYS = MappingProxyType(
    {
        DealState.SUBMITTED: 5,
        DealState.SCREENING: 10,
        DealState.INITIATED: 10,
        DealState.DUE_DILIGENCE: 45,
        DealState.IC_INTERNAL: 10,
        DealState.IC_EXTERNAL: 15,
        DealState.APPROVED: 60,
        DealState.SIGNED: 30,
        DealState.INFO_REQUESTED: 15,
    }
)


class Sla(StrEnum):
    """How a deal stands by the time of its stage. NONE: the stage has no limit, or the clock is stopped."""

    WITHIN = "WITHIN"
    DUE = "DUE"
    OVER = "OVER"
    NONE = "NONE"

    @property
    def label(self) -> Text:
        """The words for it."""
        return _LABELS[self]


_LABELS = {
    Sla.WITHIN: Text("时限内", "within its time"),
    Sla.DUE: Text("即将到期", "due soon"),
    Sla.OVER: Text("已超时", "over its time"),
    Sla.NONE: Text("无时限", "no limit"),
}


@dataclass(frozen=True)
class StageTimes:
    """The limits in force. `due_days`: so many days before its limit a deal counts as due."""

    days: Mapping[DealState, int] = field(default_factory=lambda: ALLOWED_DAYS)
    due_days: int = 3

    @classmethod
    def of(cls, own: Iterable[tuple[DealState, int]], due_days: int) -> "StageTimes":
        """The proposal with the limits that a mandate sets in place of it."""
        return cls(MappingProxyType({**ALLOWED_DAYS, **dict(own)}), due_days)

    def over_since(self, state: DealState, at: datetime) -> datetime | None:
        """A deal in this state is over its time at `at` if it stands there since this instant or before; None
        without a limit.
        """
        days = self.days.get(state)
        return None if days is None else at - timedelta(days=days)

    def due_since(self, state: DealState, at: datetime) -> datetime | None:
        """The same for being due."""
        over = self.over_since(state, at)
        return None if over is None else over + timedelta(days=min(self.due_days, self.days[state]))

    def standing(self, state: DealState, since: datetime | None, at: datetime) -> Sla:
        """How a deal that stands in a state since an instant stands by its time."""
        over, due = self.over_since(state, at), self.due_since(state, at)
        if since is None or over is None or due is None:
            return Sla.NONE
        if since <= over:
            return Sla.OVER
        return Sla.DUE if since <= due else Sla.WITHIN
