"""The deals on a fund's board as a whole: what they lack, and what past deals say of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.funding.domain.committee.decision import TIER_OF
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.evidence import Evidence
from services.funding.domain.deal.guards import stands_in
from services.funding.domain.deal.parties import Parties
from services.funding.domain.deal.states import ACTIVE, PARKED, DealState
from services.funding.domain.pipeline.completion import Fact, StageCompletion, Standing, asked_of, completion
from services.funding.domain.pipeline.forecast import Forecast, History, OnBoard, forecast
from services.funding.service.deals.interests import standings, undeclared
from services.funding.service.deals.screening.asking import Question, Screens
from services.funding.service.deals.voting import current_vote
from services.funding.store import repository, schema
from services.funding.store.deals import dossiers, interests
from services.funding.store.deals.passages import passages
from services.funding.store.expressions import Amount
from services.kernel.clock import civil_date, midnight

_DEAL = schema.deal.c


@dataclass(frozen=True)
class Ahead:
    """What past deals say of the board, from a day to the first day of the next year; how many deals and how much
    money, in fen, the amount leaves out.
    """

    forecast: Forecast
    as_of: date
    until: date
    left_out: int
    left_out_fen: int


@dataclass(frozen=True)
class DealFlow:
    """The questions."""

    screens: Screens

    def completion(self, session: Session, asked: Question, now: datetime) -> tuple[StageCompletion, ...]:
        """What the deals that answer a question lack, stage by stage. Raises as `Screens.ask`."""
        found = self._under_way(session, asked, now)
        return completion((each for ids in chunks(found) for each in _standings(session, ids)), now)

    def forecast(self, session: Session, asked: Question, seen: ColumnElement[bool], now: datetime) -> Ahead:
        """What the fund's deals that the caller may see say of those that answer. Raises as `Screens.ask`."""
        fund, today = _DEAL.fund_id == asked.fund_id, civil_date(now)
        until = date(today.year + 1, 1, 1)
        past = (History(*each) for each in passages(session, and_(fund, seen)))
        board = self._amounts(session, asked, now)
        found = forecast(past, board, now, midnight(until))
        counted = found.amount
        return Ahead(
            forecast=found,
            as_of=today,
            until=until,
            left_out=len(board) - (counted.deals if counted else 0),
            left_out_fen=sum(each.fen for each in board) - (counted.fen if counted else 0),
        )

    def _under_way(self, session: Session, asked: Question, now: datetime) -> list[str]:
        """The deals under way that answer."""
        found = self.screens.ids(session, asked, civil_date(now))
        return [each for each in session.scalars(select(_DEAL.id).where(_of_board(asked))) if each in found]

    def _amounts(self, session: Session, asked: Question, now: datetime) -> list[OnBoard]:
        """The deals under way that answer: where each stands and what would be paid for it."""
        found = self.screens.ids(session, asked, civil_date(now))
        due = func.coalesce(_DEAL.signed_fen, _DEAL.approved_fen, Amount(_DEAL.terms, "ask_fen"))
        rows = session.execute(select(_DEAL.id, _DEAL.state, due.label("fen")).where(_of_board(asked))).all()
        parked = _parked(session, [each.id for each in rows if each.state in PARKED and each.id in found])
        return [
            OnBoard(parked.get(each.id, each.state), each.fen, each.id in parked)
            for each in rows
            if each.id in found
        ]


def _of_board(asked: Question) -> ColumnElement[bool]:
    return and_(_DEAL.fund_id == asked.fund_id, _DEAL.state.in_([state.name for state in ACTIVE]))


def _parked(session: Session, ids: Sequence[str]) -> dict[str, DealState]:
    """The stage that each of these parked deals was parked in."""
    found = dict[str, DealState]()
    for some in chunks(ids):
        found.update((each.id, stands_in(each)) for each in _deals(session, some))
    return found


def _deals(session: Session, ids: Sequence[str]) -> list[Deal]:
    """Deals with their histories."""
    deals = list(session.scalars(select(Deal).where(_DEAL.id.in_(ids))))
    repository.load_transitions(session, deals)
    return deals


def _standings(session: Session, ids: Sequence[str]) -> Iterator[Standing]:
    """Deals under way as far as what they lack goes. Whose declarations nobody asks for are not judged."""
    deals = _deals(session, ids)
    parties, documents = interests.parties(session, ids), dossiers.documents_of(session, ids)
    declaring = [each for each in deals if Fact.INTERESTS in asked_of(stands_in(each))]
    names, declared = _names(session, deals), standings(session, declaring)
    for deal in deals:
        state, team = stands_in(deal), frozenset(parties.get(deal.id, Parties()).team)
        tier = TIER_OF.get(state)
        yield Standing(
            deal_id=deal.id,
            firm_name=names[deal.firm_id],
            state=state,
            transitions=deal.transitions,
            documents=[
                Evidence(each.kind, each.title, each.sha256, each.received_at)
                for each in documents.get(deal.id, ())
            ],
            team=team,
            undeclared=undeclared(declared.get(deal.id, {}), team),
            voted=tier is not None and current_vote(session, deal, tier) is not None,
            parked=deal.state in PARKED,
        )


def _names(session: Session, deals: Sequence[Deal]) -> dict[str, str]:
    """What the firms of these deals are called, by their ids."""
    table, ids = schema.firm, sorted({each.firm_id for each in deals})
    query = select(table.c.id, table.c.name).where(table.c.id.in_(ids))
    return dict(session.execute(query).all())
