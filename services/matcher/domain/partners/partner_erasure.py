"""That somebody was erased, as one partner was told, and until when it may take to say that it kept nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class ErasureState(StrEnum):
    """Whether it was acknowledged."""

    OPEN = "OPEN"
    OVERDUE = "OVERDUE"
    ACKNOWLEDGED = "ACKNOWLEDGED"


@dataclass(eq=False, kw_only=True)
class PartnerErasure:
    """`sequence`: of the event that told it; `told_at`: when that came about."""

    partner_id: str
    sequence: int
    person_id: str
    told_at: datetime
    acknowledged_at: datetime | None = None

    @property
    def name(self) -> str:
        """The resource name."""
        return f"partners/{self.partner_id}/erasures/{self.sequence}"

    def state(self, now: datetime, within: timedelta) -> ErasureState:
        """Whether it was acknowledged, and if not, whether the time `within` which it has to be is up."""
        if self.acknowledged_at is not None:
            return ErasureState.ACKNOWLEDGED
        return ErasureState.OVERDUE if now >= self.told_at + within else ErasureState.OPEN
