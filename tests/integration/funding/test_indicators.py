"""Reports on a database: kept as they came, append-only, told of for every firm that is held."""

from collections import defaultdict
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from bole.events.v1.indicator_request_event_pb2 import IndicatorRequestState
from bole.funding.v1.indicator_pb2 import IndicatorRequest
from services.chassis.log.topics import REQUESTS
from services.funding.domain.firm.firm import Firm
from services.funding.domain.fund.fund import Fund
from services.funding.domain.indicators.metrics import Metric
from services.funding.domain.indicators.periods import parse_period
from services.funding.domain.indicators.report import IndicatorReport, Source
from services.funding.domain.investment.investment import Investment
from services.funding.service.deals.reminding import Reminder
from services.funding.service.firms.indicators import Indicators
from services.funding.store import schema
from services.funding.store.firms import indicators
from services.kernel.errors import FailedPrecondition
from services.kernel.ids import TimeOrderedIds
from tests.integration.funding.installed import Funding


def cases(funding: Funding) -> Indicators:
    return Indicators(funding.deals.journal, funding.clock, TimeOrderedIds(funding.clock))


def report(funding: Funding, firm_id: str, cash: int) -> IndicatorReport:
    with funding.database.write() as session:
        return cases(funding).report(
            session, firm_id, parse_period("2026-05"), {Metric.CASH: cash}, Source.FIRM, "月报", "analyst"
        )


def test_reports_come_back_as_they_were_and_stay(stocked: Funding) -> None:
    with stocked.database.read() as session:
        held = session.scalars(select(Investment).order_by(schema.investment.c.id)).first()
    assert held is not None
    first = report(stocked, held.firm_id, 10**14)
    stocked.clock.advance(timedelta(days=1))
    second = report(stocked, held.firm_id, 5)
    with stocked.database.read() as session:
        assert indicators.reports(session, [held.firm_id])[held.firm_id] == [first, second]
        fund = session.get_one(Fund, held.fund_id)
        requests = cases(stocked).requests(session, fund)
        alerts = cases(stocked).alerts(session, fund)
    assert held.firm_id in {each.firm_id for each in requests}
    assert "2026-05" not in {
        each.period.name for each in requests if each.firm_id == held.firm_id and each.state == "LATE"
    }
    assert {alert.code for alert, _ in alerts} <= {"REPORT_LATE"}
    for statement in ("UPDATE indicator_report SET actor = 'x'", "DELETE FROM indicator_report"):
        with pytest.raises(DBAPIError, match="append-only"), stocked.database.write() as session:
            session.execute(text(statement))


def test_who_is_not_held_does_not_report(stocked: Funding) -> None:
    with stocked.database.read() as session:
        held = set(session.scalars(select(schema.investment.c.firm_id)))
        other = next(firm for firm in session.scalars(select(Firm)) if firm.id not in held)
    with pytest.raises(FailedPrecondition) as caught:
        report(stocked, other.id, 5)
    assert caught.value.reason == "NOT_HELD"


def told(funding: Funding) -> dict[str, list[int]]:
    """The states that the log tells of each request, in the order of their versions."""
    table, found = schema.shared.history, defaultdict[str, list[int]](list)
    query = select(table.c.id, table.c.state).where(table.c.entity == "indicator-request")
    with funding.database.read() as session:
        for id_, state in session.execute(query.order_by(table.c.id, table.c.version)):
            found[id_].append(IndicatorRequestState.FromString(state).state)
    return found


def test_what_is_due_and_late_is_told_once_however_often_somebody_looks(stocked: Funding) -> None:
    due, late, received_late = (int(IndicatorRequest.State.Value(f"STATE_{n}")) for n in NAMES)
    first = Reminder(stocked.database, cases(stocked))
    count = first.remind()
    before = told(stocked)
    assert count == len(before) > 0
    may = {id_: states for id_, states in before.items() if id_.endswith(".2026-05")}
    june = [id_ for id_ in before if id_.endswith(".2026-06")]
    assert june
    assert all(before[id_] == [due] for id_ in june)
    assert all(states == [late] for states in may.values())
    assert first.remind() == Reminder(stocked.database, cases(stocked)).remind() == 0
    assert told(stocked) == before
    stocked.clock.advance(timedelta(days=16))
    assert Reminder(stocked.database, cases(stocked)).remind() >= len(june)
    after = told(stocked)
    assert all(after[id_] == [due, late] for id_ in june)
    one = min(may)
    report(stocked, one.rpartition(".")[0], 7)
    report(stocked, one.rpartition(".")[0], 8)
    assert told(stocked)[one] == [late, received_late]
    with stocked.database.read() as session:
        outbox = schema.shared.outbox.c
        sent = select(outbox.id).where(outbox.topic == REQUESTS.name, outbox.aggregateid == one)
        assert len(session.scalars(sent).all()) == 2
    assert first.remind() == 0


NAMES = ("DUE", "LATE", "RECEIVED_LATE")
