"""Keeping the evidence register, and the progress of goals that rests on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.catalogue.model import Milestone
from services.chassis.request_log import RequestLog
from services.kernel.clock import Clock
from services.kernel.errors import AlreadyExists, InvalidArgument, NotFound
from services.kernel.ids import Ids
from services.kernel.suggestion import nearest_words
from services.kernel.text import Text
from services.talent.domain.evidence.counting import CountingRules
from services.talent.domain.evidence.kinds import EvidenceKind
from services.talent.domain.evidence.progress import Outlook, Progress, progress
from services.talent.domain.evidence.record import Evidence, EvidenceFacts, EvidenceState
from services.talent.store import repository, schema
from services.talent.store.people import evidence as store


class Proven(NamedTuple):
    """A goal without a number, with the records that are evidence for it."""

    milestone: Milestone
    records: list[Evidence]


@dataclass(frozen=True)
class EvidenceRegister:
    """The use cases of the register."""

    catalogue: Catalogue
    clock: Clock
    ids: Ids
    rules: CountingRules = field(default_factory=CountingRules)
    outlook: Outlook = field(default_factory=Outlook)

    def get(self, session: Session, id_: str) -> Evidence:
        """The record. Raises NotFound."""
        found = store.by_id(session, id_)
        if found is None:
            raise NotFound.resource(f"evidenceRecords/{id_}")
        return found

    def enter(self, session: Session, facts: EvidenceFacts, origin: str, actor: str) -> Evidence:
        """A new record. Raises InvalidArgument, or AlreadyExists if the source number is taken."""
        made = Evidence.enter(
            facts,
            id_=self.ids.new(),
            origin=origin,
            actor=actor,
            catalogue=self.catalogue,
            now=self.clock.now(),
        )
        taken = repository.by_refs(session, Evidence, schema.evidence, [made.ref])
        if taken:
            raise AlreadyExists(
                Text(
                    f"来源编号“{made.ref}”已登记，请改用更新",
                    f"the source number {made.ref!r} is registered; update that record instead",
                ),
                reason="SOURCE_REF_TAKEN",
                metadata={"resource": f"evidenceRecords/{taken[made.ref].id}"},
            )
        store.require_present(session, made.subject)
        session.add(made)
        session.flush()
        return made

    def revise(self, session: Session, record: Evidence, facts: EvidenceFacts, actor: str) -> None:
        """Replace the facts. Raises InvalidArgument, FailedPrecondition."""
        store.require_present(session, facts.subject)
        record.revise(facts, actor=actor, catalogue=self.catalogue, now=self.clock.now())
        session.flush()

    def progress(self, session: Session, day: date) -> tuple[list[Progress], list[Proven]]:
        """How far the goals with a number have come, and what there is for those without."""
        records = store.all_records(session)
        library = store.library(session, records)
        goals = [
            progress(target, records, day, library, self.rules, self.outlook)
            for target in self.catalogue.targets
        ]
        return goals, [Proven(each, _evidence(records, each, day)) for each in self.catalogue.milestones]

    def require_goal(self, id_: str) -> None:
        """Raise InvalidArgument (UNKNOWN_TARGET) with near ids for an id that the catalogue lacks."""
        known = [each.id for each in self.catalogue.targets] + [each.id for each in self.catalogue.milestones]
        if id_ not in known:
            near = nearest_words(id_[:60], known) or known
            raise InvalidArgument.field(
                "target",
                "UNKNOWN_TARGET",
                f"没有目标“{id_[:40]}”，可选：{'、'.join(near)}",
                f"no goal {id_[:40]!r}; choose from {', '.join(near)}",
            )


def forget_evidence(session: Session, requests: RequestLog, person_id: str) -> None:
    """Forget the answers about records that name somebody who is erased; the records stay and name nobody."""
    for id_ in store.of_person(session, person_id):
        requests.forget(session, f"evidenceRecords/{id_}")


def _evidence(records: Sequence[Evidence], milestone: Milestone, day: date) -> list[Evidence]:
    """Confirmed records for a milestone that were there on the day."""
    return [
        each
        for each in records
        if each.kind is EvidenceKind.MILESTONE
        and each.type_code == milestone.id
        and each.state is EvidenceState.CONFIRMED
        and (each.opened or each.approved or day) <= day
    ]
