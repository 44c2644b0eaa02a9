"""Use cases of what firms report of themselves.

What is reported is put on record and taken back at once, so that everything that would refuse the confirmation
refuses the report; the confirmation then puts it on record for good.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.chassis.log.topics import FIRM_REPORTS
from services.chassis.outbox.journal import Change, Journal
from services.funding import events
from services.funding.domain.firm import firm_report as rules
from services.funding.domain.firm.firm import Firm
from services.funding.domain.firm.firm_report import FirmReport, ReportKind, ReportState
from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.ids import Ids

Record = Callable[[], str]
"""Puts what was reported on record; the resource name of what it became."""


class Stated(NamedTuple):
    """What a request states: its kind, what it is about, and itself as the contract writes it."""

    kind: ReportKind
    about: str
    content: bytes


@dataclass(frozen=True)
class FirmReports:
    """The use cases. Each leaves an event of where the report stands."""

    journal: Journal
    clock: Clock
    ids: Ids

    def report(self, session: Session, firm: Firm, stated: Stated, record: Record, actor: str) -> FirmReport:
        """Keep a report. Raises what `record` does."""
        with session.begin_nested() as tried:
            record()
            session.flush()
            tried.rollback()
        made = FirmReport(
            id=self.ids.new(),
            firm_id=firm.id,
            kind=stated.kind,
            content=stated.content,
            about=stated.about,
            state=ReportState.REPORTED,
            reporter=actor,
            reported_at=self.clock.now(),
        )
        session.add(made)
        self._tell(session, made, actor)
        return made

    def get(self, session: Session, firm_id: str, id_: str) -> FirmReport:
        """One report. Raises NotFound."""
        found = session.get(FirmReport, id_)
        if found is None or found.firm_id != firm_id:
            raise NotFound.resource(f"firms/{firm_id}/reports/{id_}")
        return found

    def confirm(self, session: Session, report: FirmReport, record: Record, actor: str) -> None:
        """Put it on record. Raises what `confirm` and `record` do."""
        rules.require_decidable(report, actor)
        rules.confirm(report, record(), actor=actor, at=self.clock.now())
        self._tell(session, report, actor)

    def reject(self, session: Session, report: FirmReport, reason: str, actor: str) -> None:
        """Do not confirm it. Raises what `reject` does."""
        rules.reject(report, reason, actor=actor, at=self.clock.now())
        self._tell(session, report, actor)

    def withdraw(self, session: Session, report: FirmReport, reason: str, actor: str) -> None:
        """Take it back. Raises what `withdraw` does."""
        rules.withdraw(report, reason, actor=actor, at=self.clock.now())
        self._tell(session, report, actor)

    def _tell(self, session: Session, report: FirmReport, actor: str) -> None:
        session.flush()
        state = events.report_event(report, session.get_one(Firm, report.firm_id).origin)
        self.journal.record(session, [Change(FIRM_REPORTS, report.id, report.version, state, actor)])
