"""Acknowledging: a partner says that it keeps nothing any more of people who were erased."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from services.chassis.house import House
from services.kernel.errors import FailedPrecondition, InvalidArgument, NotFound
from services.kernel.text import Text
from services.matcher.domain.partner_erasure import ErasureState
from services.matcher.store import partner_erasures, partners


@dataclass(frozen=True)
class PartnerErasures:
    """The use cases. `within`: how long after it was told an erasure is to be acknowledged."""

    house: House
    within: timedelta

    def acknowledge(self, session: Session, partner_id: str, sequences: Sequence[int]) -> None:
        """Keep that a partner has removed what it kept of these people; the first time stands.

        Raises NotFound, InvalidArgument (SEQUENCE_REPEATED), FailedPrecondition (ERASURE_NEVER_TOLD).
        """
        _require_distinct(sequences)
        if not partners.lock(session, partner_id):  # so that two at once write each number once
            raise NotFound.resource(f"partners/{partner_id}")
        strange = sorted(set(sequences) - partner_erasures.told(session, sequences))
        if strange:
            said = ", ".join(map(str, strange))
            raise FailedPrecondition(
                Text(f"事件 {said} 并未告知任何删除", f"events {said} tell of no erasure"),
                reason="ERASURE_NEVER_TOLD",
                metadata={"sequences": said},
            )
        known = partner_erasures.acknowledged(session, partner_id, sequences)
        fresh = sorted(set(sequences) - known)
        partner_erasures.acknowledge(session, partner_id, fresh, self.house.clock.now())

    def due(self, told_at: datetime) -> datetime:
        """Until when to acknowledge what was told at an instant."""
        return told_at + self.within

    def observe(self) -> None:
        """Set the metric of what is not acknowledged."""
        with self.house.database.read() as session:
            known = partner_erasures.open_and_overdue(session, self.house.clock.now() - self.within)
        for state, count in zip((ErasureState.OPEN, ErasureState.OVERDUE), known, strict=True):
            self.house.metrics.partner_erasures.labels(state.value.lower()).set(count)


def _require_distinct(sequences: Sequence[int]) -> None:
    first: dict[int, int] = {}
    for place, sequence in enumerate(sequences):
        before = first.setdefault(sequence, place)
        if before != place:
            raise InvalidArgument.field(
                f"sequences[{place}]",
                "SEQUENCE_REPEATED",
                f"与 sequences[{before}] 重复",
                f"the same as sequences[{before}]",
            )
