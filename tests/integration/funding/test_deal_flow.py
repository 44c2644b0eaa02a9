"""The board as a whole on both engines: read in portions, it says what the deals themselves say."""

from datetime import date, timedelta

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from services.catalogue import load
from services.chassis.filtering import parse
from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.guards import stands_in
from services.funding.domain.deal.states import ACTIVE, PARKED, DealState
from services.funding.domain.pipeline.forecast import History, OnBoard, forecast
from services.funding.service.deals.deal_flow import DealFlow
from services.funding.service.deals.screening.asking import Question, Screens
from services.funding.store import repository, schema
from services.funding.store.deals.screening import schema as fields
from services.kernel.clock import civil_date, midnight
from tests.integration.funding.dossier import UNTIL_APPROVED, advance
from tests.integration.funding.installed import Funding
from tests.integration.funding.test_deals import MANAGER, leads, step, take


def deals_of(session: Session, fund_id: str) -> list[Deal]:
    found = list(session.scalars(select(Deal).where(schema.deal.c.fund_id == fund_id)))
    repository.load_transitions(session, found)
    return found


def due(deal: Deal) -> int:
    return deal.signed_fen or deal.approved_fen or deal.terms.ask_fen


def test_a_board_read_in_portions_says_what_its_deals_say(stocked: Funding) -> None:
    ids = leads(stocked, 3)
    advance(stocked, ids[0])
    advance(stocked, ids[1], UNTIL_APPROVED)
    take(stocked, ids[2], step(stocked, Action.SUBMIT, MANAGER))
    later = civil_date(stocked.clock.now()) + timedelta(days=30)
    take(stocked, ids[2], step(stocked, Action.HOLD, MANAGER, review_on=later))
    now = stocked.clock.now()
    flow = DealFlow(Screens(load()))
    with stocked.database.read() as session:
        fund_id = session.get_one(Deal, ids[0]).fund_id
        asked = Question(fund_id=fund_id, expression=parse("", fields(load())), at=now)
        told = flow.forecast(session, asked, true(), now)
        stages = flow.completion(session, asked, now)
    with stocked.database.read() as session:
        known = deals_of(session, fund_id)
        board = [each for each in known if each.state in ACTIVE]
        assert told.forecast == forecast(
            [History(each.state, each.transitions) for each in known],
            [OnBoard(stands_in(each), due(each), each.state in PARKED) for each in board],
            now,
            midnight(date(told.as_of.year + 1, 1, 1)),
        )
        assert sum(each.timed for each in told.forecast.stages) > 0
        assert {each.state: each.deals for each in stages if each.deals} == {
            state: sum(stands_in(each) is state for each in board) for state in map(stands_in, board)
        }
        for found in (told.forecast.stages, stages):
            assert {each.state: each.deals - each.parked for each in found if each.deals} == {
                state: sum(each.state is state for each in board)
                for state in {stands_in(each) for each in board} & {each.state for each in found}
            }
        assert {each.state: each.parked for each in stages if each.parked}[DealState.SUBMITTED] >= 1
