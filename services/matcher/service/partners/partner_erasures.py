"""Acknowledging: a partner says that it keeps nothing any more of people who were erased."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from services.chassis.house import House
from services.kernel.errors import FailedPrecondition, InvalidArgument, NotFound
from services.kernel.text import Text
from services.matcher.domain.partners.partner_erasure import ErasureState
from services.matcher.service.partners.partners import pseudonym, secret_of
from services.matcher.store.partners import partner_erasures, partners


@dataclass(frozen=True)
class PartnerErasures:
    """The use cases. `within`: how long after it was told an erasure is to be acknowledged."""

    house: House
    within: timedelta

    def acknowledge(
        self, session: Session, partner_id: str, sequences: Sequence[int], subjects: Sequence[str] = ()
    ) -> None:
        """Keep that a partner has removed what it kept of these people; the first time stands.

        `subjects`: under which names the partner was told of them, where it says so. Raises NotFound, InvalidArgument
        (SEQUENCE_REPEATED, SUBJECTS_UNPAIRED), FailedPrecondition (ERASURE_NEVER_TOLD, ERASURE_OF_ANOTHER).
        """
        _require_distinct(sequences)
        _require_pairs(sequences, subjects)
        if not partners.lock(session, partner_id):  # so that two at once write each number once
            raise NotFound.resource(f"partners/{partner_id}")
        told = partner_erasures.told(session, sequences)
        if strange := sorted(set(sequences) - told.keys()):
            said = ", ".join(map(str, strange))
            raise FailedPrecondition(
                Text(f"事件 {said} 并未告知任何删除", f"events {said} tell of no erasure"),
                reason="ERASURE_NEVER_TOLD",
                metadata={"sequences": said},
            )
        if subjects:
            secret = secret_of(session, partner_id)
            _require_meant(
                {number: pseudonym(secret, told[number]) for number in sequences},
                dict(zip(sequences, subjects, strict=True)),
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


def _require_pairs(sequences: Sequence[int], subjects: Sequence[str]) -> None:
    if subjects and len(subjects) != len(sequences):
        given, wanted = len(subjects), len(sequences)
        raise InvalidArgument.field(
            "subjects",
            "SUBJECTS_UNPAIRED",
            f"有 {given} 个化名，而编号有 {wanted} 个；请按 sequences 的顺序各给一个，或一个也不给",
            f"{given} names for {wanted} numbers; give one for each, in the order of `sequences`, or none",
        )


def _require_meant(told: Mapping[int, str], meant: Mapping[int, str]) -> None:
    """Raises FailedPrecondition where an event names somebody else than the partner means."""
    if others := sorted(number for number in meant if meant[number] != told[number]):
        said = ", ".join(map(str, others))
        raise FailedPrecondition(
            Text(
                f"事件 {said} 告知的是另一人的删除：系统从备份恢复后，编号会重新发放。"
                "请用 ListPartnerErasures 取待确认的删除，逐一核对后再确认",
                f"events {said} tell of the erasure of somebody else: after a restore from a backup numbers are given "
                "out anew. List what is open by ListPartnerErasures, and acknowledge what you have removed of it",
            ),
            reason="ERASURE_OF_ANOTHER",
            metadata={"sequences": said},
        )
