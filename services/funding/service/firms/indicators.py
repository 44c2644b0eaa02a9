"""Reports after an investment: recorded, asked for, and looked at for what asks for an answer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from services.chassis.log.topics import REQUESTS
from services.chassis.outbox.journal import Change, Journal
from services.funding import events
from services.funding.domain.findings import Findings, normal
from services.funding.domain.firm.firm import Firm
from services.funding.domain.fund.fund import Fund
from services.funding.domain.indicators.alerts import IndicatorAlert, alerts
from services.funding.domain.indicators.answer import IndicatorAnswer
from services.funding.domain.indicators.method import IndicatorMethod
from services.funding.domain.indicators.metrics import Values
from services.funding.domain.indicators.periods import Period, cadence
from services.funding.domain.indicators.report import (
    IndicatorReport,
    Source,
    examine_report,
    known_values,
)
from services.funding.domain.indicators.requests import IndicatorRequest, expected, in_order
from services.funding.store.firms import firm_reports, indicators, requests
from services.funding.store.firms.requests import Told
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import FailedPrecondition, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text

METHOD = IndicatorMethod()
_ACTOR = "bole/indicators"
Answered = tuple[IndicatorAlert, Sequence[IndicatorAnswer]]


@dataclass(frozen=True)
class Indicators:
    """The use cases of reports."""

    journal: Journal
    clock: Clock
    ids: Ids

    def report(
        self,
        session: Session,
        firm_id: str,
        period: Period,
        values: Values,
        source: Source,
        document: str,
        actor: str,
    ) -> IndicatorReport:
        """Record a report. Raises InvalidArgument, and FailedPrecondition (NOT_HELD)."""
        now = self.clock.now()
        examine_report(period, values, document, civil_date(now))
        if not indicators.held(session, firm_id=firm_id):
            raise FailedPrecondition(
                Text("没有基金持有该企业，无需报告", "no fund holds this firm; there is nothing to report"),
                reason="NOT_HELD",
            )
        made = IndicatorReport(self.ids.new(), firm_id, period, values, source, normal(document), actor, now)
        indicators.save_report(session, made)
        self.tell(session, firm_id)
        return made

    def tell(self, session: Session, firm_id: str) -> int:
        """Tell where the reports of a firm stand that stand otherwise than was told last; how many those are.

        The firm stays locked, so that nothing is told twice.
        """
        firm = session.get_one(Firm, firm_id, with_for_update=True)
        before, changes = requests.told(session, [firm_id])[firm_id], []
        for each in self.requests_of(session, firm):
            last = before.get(each.period.name)
            if each.is_news(last.state if last else None):
                version = last.version + 1 if last else 1
                requests.save_told(session, firm_id, each.period.name, Told(each.state, version))
                state = events.request_event(each, version, firm.origin)
                changes.append(Change(REQUESTS, each.id, version, state, _ACTOR))
        self.journal.record(session, changes)
        return len(changes)

    def untold(self, session: Session) -> list[str]:
        """The firms of which something is to be told."""
        held = indicators.held(session)
        before = requests.told(session, [firm.id for firm, _ in held])
        found = set[str]()
        for each in self._requests(session, held):
            last = before[each.firm_id].get(each.period.name)
            if each.is_news(last.state if last else None):
                found.add(each.firm_id)
        return sorted(found)

    def requests(
        self, session: Session, fund: Fund, within: Collection[str] | None = None
    ) -> list[IndicatorRequest]:
        """What is expected of the firms that a fund holds (or by these holdings), what presses first."""
        return self._requests(session, indicators.held(session, fund.id, within=within))

    def requests_of(self, session: Session, firm: Firm) -> list[IndicatorRequest]:
        """What is expected of one firm, what presses first; nothing of one that nobody holds."""
        return self._requests(session, indicators.held(session, firm_id=firm.id))

    def _requests(self, session: Session, held: Sequence[tuple[Firm, date]]) -> list[IndicatorRequest]:
        ids = [firm.id for firm, _ in held]
        known, own = indicators.reports(session, ids), firm_reports.handed_in(session, ids)
        return in_order(
            each
            for firm, since in held
            for each in self._expected(firm, since, known.get(firm.id, []), own.get(firm.id, []))
        )

    def alerts(self, session: Session, fund: Fund, within: Collection[str] | None = None) -> list[Answered]:
        """What asks for an answer among the firms that a fund holds (or by these holdings), with the answers."""
        return self._alerts(session, indicators.held(session, fund.id, within=within))

    def answer(self, session: Session, firm: Firm, code: str, period: str, text: str, actor: str) -> Answered:
        """State what was done. Raises InvalidArgument, and NotFound for an alert that there is not."""
        findings = Findings()
        text = findings.text("text", text, most=2000, required=True)
        findings.finish()
        session.get(Firm, firm.id, with_for_update=True)
        held = indicators.held(session, firm_id=firm.id)
        found = {(alert.code, alert.period.name): alert for alert, _ in self._alerts(session, held)}
        alert = found.get((code, period))
        if alert is None:
            raise NotFound.resource(f"firms/{firm.id}/indicatorAlerts/{code}/{period}")
        made = IndicatorAnswer(text, actor, self.clock.now())
        indicators.save_answer(session, firm.id, code, period, made)
        return alert, indicators.answers(session, [firm.id])[firm.id, code, period]

    def _alerts(self, session: Session, held: Sequence[tuple[Firm, date]]) -> list[Answered]:
        ids = [firm.id for firm, _ in held]
        known, answers = indicators.reports(session, ids), indicators.answers(session, ids)
        own = firm_reports.handed_in(session, ids)
        return [
            (alert, answers.get((firm.id, alert.code, alert.period.name), []))
            for firm, since in held
            for alert in self._of_firm(firm, since, known.get(firm.id, []), own.get(firm.id, []))
        ]

    def _of_firm(
        self,
        firm: Firm,
        since: date,
        reports: Sequence[IndicatorReport],
        own: Sequence[tuple[Period, datetime]],
    ) -> list[IndicatorAlert]:
        due = self._expected(firm, since, reports, own)
        return alerts(firm.id, known_values(reports), due, METHOD)

    def _expected(
        self,
        firm: Firm,
        since: date,
        reports: Sequence[IndicatorReport],
        own: Sequence[tuple[Period, datetime]],
    ) -> list[IndicatorRequest]:
        today = civil_date(self.clock.now())
        return expected(firm.id, since, cadence(firm.stage), reports, today, METHOD, own)
