"""The goals of the document for a report."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.talent.domain.evidence.progress import Progress
from services.talent.domain.report.facts import GoalFacts, GoalProgress, MilestoneFacts
from services.talent.domain.report.period import ReportPeriod
from services.talent.service.people.evidence import EvidenceRegister


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
        before = {each.target.id: each.counted.amount for each in earlier}
        milestones = (
            MilestoneFacts(
                each.milestone.text,
                each.milestone.clause,
                each.milestone.year,
                len(each.records) if told else None,
            )
            for each in proven
        )
        return tuple(self._goal(each, before, told=told) for each in goals), tuple(milestones)

    def _goal(self, found: Progress, before: dict[str, int], *, told: bool) -> GoalFacts:
        target = found.target
        return GoalFacts(
            target.id,
            target.text,
            target.clause,
            target.value,
            target.unit,
            found.due,
            self.register.rules.text(target),
            _progress(found, before[target.id]) if told else None,
        )


def _progress(found: Progress, before: int) -> GoalProgress:
    return GoalProgress(
        actual=found.counted.amount,
        before=before,
        shortfall=found.shortfall,
        reached=found.reached,
        needed=found.needed,
        seen=found.seen,
        probability=found.probability,
        light=found.light.value,
        counted=len(found.counted.records),
        uncounted=len(found.counted.others),
    )
