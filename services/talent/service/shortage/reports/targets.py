"""The goals of the document for a report."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from services.kernel.text import Text
from services.talent.domain.evidence.kinds import OF_METRIC, types_of
from services.talent.domain.evidence.progress import Progress
from services.talent.domain.evidence.record import Evidence
from services.talent.domain.report.facts import GoalFacts, GoalProgress, MilestoneFacts
from services.talent.domain.report.period import ReportPeriod
from services.talent.domain.report.registered import Proof, Proven
from services.talent.service.people.evidence import EvidenceRegister

_LISTED = 20
"""How many records of a goal a report lists; all of them stand in the register."""


@dataclass(frozen=True)
class TargetFacts:
    """Reads the register of evidence."""

    register: EvidenceRegister

    def of(
        self, session: Session, period: ReportPeriod, *, told: bool
    ) -> tuple[tuple[GoalFacts, ...], tuple[MilestoneFacts, ...]]:
        """How the goals stand on the period's last day; unless `told`, only what the document says of them."""
        goals, proven = self.register.progress(session, period.end)
        earlier, _ = self.register.progress(session, period.before.end)
        before = {each.target.id: each for each in earlier}
        milestones = (
            MilestoneFacts(
                each.milestone.text,
                each.milestone.clause,
                each.milestone.year,
                len(each.records) if told else None,
                self._newest(each.records) if told else None,
            )
            for each in proven
        )
        found = (self._goal(each, before, period.end, told=told) for each in goals)
        return tuple(found), tuple(milestones)

    def _goal(self, found: Progress, before: Mapping[str, Progress], day: date, *, told: bool) -> GoalFacts:
        target = found.target
        return GoalFacts(
            target.id,
            target.text,
            target.clause,
            target.value,
            target.unit,
            found.due,
            self.register.rules.text(target),
            self._progress(found, before[target.id], day) if told else None,
            OF_METRIC[target.metric].label,
        )

    def _progress(self, found: Progress, before: Progress, day: date) -> GoalProgress:
        return GoalProgress(
            actual=found.counted.amount,
            before=before.counted.amount,
            shortfall=found.shortfall,
            reached=found.reached,
            needed=found.needed,
            seen=found.seen,
            probability=found.probability,
            light=found.light.value,
            counted=len(found.counted.records),
            uncounted=len(found.counted.others),
            proven=Proven(
                day if found.due is None else min(day, found.due),
                self._newest(found.counted.records),
                _reasons([why for _, why in found.counted.others]),
            ),
            light_before=before.light.value,
        )

    def _newest(self, records: Sequence[Evidence]) -> tuple[Proof, ...]:
        began = sorted(records, key=lambda each: (each.opened or each.approved or date.min, each.ref))
        return tuple(self._proof(each) for each in reversed(began[-_LISTED:]))

    def _proof(self, record: Evidence) -> Proof:
        """A record as it is listed. Documents of talents may name them, and stay in the register."""
        catalogue, kind = self.register.catalogue, record.kind
        types = types_of(catalogue, kind)
        of = types.get(record.type_code, kind.label) if kind.is_talent or not record.title else None
        departments = {each.id: each.name for each in catalogue.departments}
        return Proof(
            record.ref,
            of or Text(record.title, record.title),
            record.city,
            record.opened or record.approved,
            "" if kind.is_talent else record.document,
            departments.get(record.department),
        )


def _reasons(others: Sequence[Text]) -> tuple[tuple[Text, int], ...]:
    """Why records do not count, the most usual reason first."""
    return tuple(sorted(Counter(others).items(), key=lambda each: (-each[1], each[0].zh)))
