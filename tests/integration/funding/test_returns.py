"""Statistical returns: told once, told again when something is different, and counted as the records say."""

from datetime import date, timedelta

from sqlalchemy import select, update

from bole.common.v1 import data_origin_pb2
from bole.events.v1.statistical_return_event_pb2 import StatisticalReturnState
from services.chassis.log.topics import FUNDING_RETURNS
from services.chassis.process.precedence import Precedence
from services.chassis.returns import QUARTERS, Returns
from services.funding.domain.deal.actions import Role
from services.funding.domain.dossier.facts import Verdict
from services.funding.domain.investment.actions import InvestmentAction
from services.funding.domain.investment.marks import Mark, MarkMethod
from services.funding.domain.investment.states import InvestmentState
from services.funding.service.dossier.determining import Determining
from services.funding.service.returns import FundingReturns
from services.funding.store import schema
from services.kernel.clock import civil_date
from tests.integration.funding.installed import Funding
from tests.integration.funding.screening import Kept
from tests.integration.funding.test_investments import holdings, take


def returns_of(funding: Funding) -> Returns:
    deals, history = funding.deals, schema.shared.history
    counting = FundingReturns(funding.clock)
    return Returns(
        funding.database, deals.journal, history, FUNDING_RETURNS, counting, funding.clock, Precedence()
    )


def told(funding: Funding) -> dict[str, list[StatisticalReturnState]]:
    """What was told, by quarter, in order."""
    table, found = schema.shared.history.c, dict[str, list[StatisticalReturnState]]()
    query = select(table.state).where(table.entity == FUNDING_RETURNS.entity)
    with funding.database.read() as session:
        for content in session.scalars(query.order_by(table.id, table.version)):
            state = StatisticalReturnState.FromString(content)
            found.setdefault(state.id, []).append(state)
    return found


def value(of: StatisticalReturnState, code: str) -> int:
    return sum(each.value for each in of.figures if (each.code, each.of) == (code, ""))


def _values(of: StatisticalReturnState, code: str) -> int:
    return sum(each.value for each in of.figures if each.code == code)


def test_nothing_is_reported_where_there_is_nothing(funding: Funding) -> None:
    assert returns_of(funding).look() == 0
    assert told(funding) == {}


def test_each_quarter_is_told_once_and_again_when_it_differs(stocked: Funding) -> None:
    looking = returns_of(stocked)
    assert (looking.look(), looking.look(), returns_of(stocked).look()) == (QUARTERS, 0, 0)
    first = told(stocked)
    table = schema.investment
    with stocked.database.read() as session:
        held = session.execute(select(table.c.id, table.c.closed, table.c.signed_fen)).all()
    in_reach = [each for each in held if _quarter(each.closed) in first]
    assert in_reach
    assert sum(value(states[0], "invested") for states in first.values()) == len(in_reach)
    assert sum(value(states[0], "invested_fen") for states in first.values()) == sum(
        each.signed_fen for each in in_reach
    )
    assert {each[0].origin for each in first.values() if each[0].figures} == {
        data_origin_pb2.DATA_ORIGIN_SYNTHETIC
    }
    one = in_reach[0]
    with stocked.database.write() as session:
        session.execute(
            update(table)
            .where(table.c.id == one.id)
            .values(
                signed_fen=table.c.signed_fen + 100,
                unpaid_fen=table.c.unpaid_fen + 100,
                version=table.c.version + 1,
            )
        )
    assert looking.look() == 1
    again = told(stocked)[_quarter(one.closed)]
    assert [each.version for each in again] == [1, 2]
    assert value(again[1], "invested_fen") == value(again[0], "invested_fen") + 100


def test_a_year_after_its_closing_a_holding_is_held_until_it_is_exited_or_written_off(
    stocked: Funding,
) -> None:
    table, looking = schema.investment, returns_of(stocked)
    with stocked.database.read() as session:
        ids = list(session.scalars(select(table.c.id).order_by(table.c.id)))

    def hold(*rows: tuple[date, InvestmentState]) -> tuple[int, int]:
        """What is told of these holdings as soon as they are so."""
        with stocked.database.write() as session:
            for id_, (closed, state) in zip(ids, rows, strict=True):
                change = update(table).where(table.c.id == id_)
                values = {"closed": closed, "state": state, "version": table.c.version + 1}
                session.execute(change.values(**values))
        looking.look()
        newest = told(stocked)["2026Q2"][-1]
        return value(newest, "year_due"), value(newest, "year_held")

    first, last = date(2025, 4, 1), date(2025, 6, 30)
    active, ended = InvestmentState.ACTIVE, InvestmentState.EXITED
    all_four = (first, active), (last, InvestmentState.EXITING), (first, ended)
    assert hold(*all_four, (last, InvestmentState.WRITTEN_OFF)) == (4, 2)
    assert hold((date(2025, 3, 31), active), (first, active), (last, ended), (date(2025, 7, 1), active)) == (
        2,
        1,
    )


def _quarter(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"


def test_deals_are_told_by_the_industries_of_their_firms(stocked: Funding) -> None:
    assert Kept.over(stocked).turner.turn()
    assert returns_of(stocked).look() == QUARTERS
    quarters = [states[0] for states in told(stocked).values()]
    every = sum(value(each, "submitted") for each in quarters)
    assert sum(_values(each, "city_submitted") for each in quarters) == every
    assert sum(_values(each, "industry_submitted") for each in quarters) >= every > 0  # of several in each


def test_a_case_of_exemption_is_told_from_the_loss_to_what_was_determined(stocked: Funding) -> None:
    """The clock stands in the third quarter of 2026; a case of it is told once that has ended."""
    looking, held = returns_of(stocked), holdings(stocked)[0]
    mark = Mark(0, held.closed, MarkMethod.NET_ASSETS)
    for action in (InvestmentAction.FLAG, InvestmentAction.IMPAIR):
        take(
            stocked,
            held.id,
            action,
            Role.FUND_MANAGER,
            mark=mark if action is InvestmentAction.IMPAIR else None,
        )
    lost = civil_date(stocked.clock.now())
    stocked.clock.advance(timedelta(days=95))
    looking.look()
    quarter = _quarter(lost)
    of = {(each.code, each.of): each.value for each in told(stocked)[quarter][-1].figures}
    assert of["case_begun_day", held.id] == lost.toordinal()
    assert ("case_ended_day", held.id) not in of
    asked, met = (of[code, f"{held.id}/PROCEDURE"] for code in ("case_items", "case_met"))
    assert asked >= met > 0
    with stocked.database.write() as session:
        Determining(stocked.deals.trail, stocked.clock).enter(
            session,
            stocked.deals.get(session, held.id),
            Verdict.EXEMPT,
            organ="省纪委监委驻厅纪检组",
            document_number="苏纪〔2026〕1号",
            document_date=civil_date(stocked.clock.now()),
            text="",
            actor="auditor",
        )
    stocked.clock.advance(timedelta(days=95))
    looking.look()
    newest = {key: states[-1] for key, states in told(stocked).items()}
    assert _values(newest[quarter], "case_ended_day") == 0
    after = newest[_quarter(lost + timedelta(days=95))]
    assert _values(after, "case_ended_day") == (lost + timedelta(days=95)).toordinal()
    assert ("case_verdict", f"{held.id}/EXEMPT") in {(each.code, each.of) for each in after.figures}
