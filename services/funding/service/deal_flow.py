"""The deals on a fund's board as a whole: what they lack, and what past deals say of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services.funding.domain.committee.decision import TIER_OF
from services.funding.domain.completion import StageCompletion, Standing, completion
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.evidence import Evidence
from services.funding.domain.deal.guards import stands_in
from services.funding.domain.deal.parties import Parties
from services.funding.domain.deal.states import ACTIVE
from services.funding.domain.forecast import Forecast, History, OnBoard, forecast
from services.funding.service.interests import standings, undeclared
from services.funding.service.screening.asking import Question, Screens
from services.funding.service.voting import current_vote
from services.funding.store import dossiers, interests, repository, schema
from services.kernel.clock import civil_date, midnight

_CHUNK = 500


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
        deals = self._board(session, asked, now)
        ids = [each.id for each in deals]
        parties, documents = interests.parties(session, ids), dossiers.documents_of(session, ids)
        names, declared = _names(session, deals), standings(session, deals)
        board = []
        for deal in deals:
            state, team = stands_in(deal), frozenset(parties.get(deal.id, Parties()).team)
            tier = TIER_OF.get(state)
            standing = Standing(
                deal_id=deal.id,
                firm_name=names[deal.firm_id],
                state=state,
                transitions=deal.transitions,
                documents=[
                    Evidence(each.kind, each.title, each.sha256, each.received_at)
                    for each in documents.get(deal.id, ())
                ],
                team=team,
                undeclared=undeclared(declared[deal.id], team),
                voted=tier is not None and current_vote(session, deal, tier) is not None,
            )
            board.append(standing)
        return completion(board, now)

    def forecast(self, session: Session, asked: Question, seen: ColumnElement[bool], now: datetime) -> Ahead:
        """What the fund's deals that the caller may see say of those that answer. Raises as `Screens.ask`."""
        table, today = schema.deal.c, civil_date(now)
        past = list(session.scalars(select(Deal).where(table.fund_id == asked.fund_id, seen)))
        repository.load_transitions(session, past)
        deals = self._board(session, asked, now)
        board = [OnBoard(stands_in(each), _due(each)) for each in deals]
        until = date(today.year + 1, 1, 1)
        found = forecast(
            (History(each.state, each.transitions) for each in past), board, now, midnight(until)
        )
        counted = found.amount
        return Ahead(
            forecast=found,
            as_of=today,
            until=until,
            left_out=len(board) - (counted.deals if counted else 0),
            left_out_fen=sum(each.fen for each in board) - (counted.fen if counted else 0),
        )

    def _board(self, session: Session, asked: Question, now: datetime) -> list[Deal]:
        """The deals under way that answer, with their histories."""
        found = {each.deal_id for each in self.screens.found(session, asked, civil_date(now))}
        table = schema.deal.c
        under_way = [state.name for state in ACTIVE]
        query = select(Deal).where(table.fund_id == asked.fund_id, table.state.in_(under_way))
        deals = [each for each in session.scalars(query) if each.id in found]
        repository.load_transitions(session, deals)
        return deals


def _due(deal: Deal) -> int:
    """What would be paid for a deal, in fen."""
    return next(each for each in (deal.signed_fen, deal.approved_fen, deal.terms.ask_fen) if each is not None)


def _names(session: Session, deals: Sequence[Deal]) -> dict[str, str]:
    """What the firms of these deals are called, by their ids."""
    table, found = schema.firm, dict[str, str]()
    ids = sorted({each.firm_id for each in deals})
    for start in range(0, len(ids), _CHUNK):
        query = select(table.c.id, table.c.name).where(table.c.id.in_(ids[start : start + _CHUNK]))
        found.update((id_, name) for id_, name in session.execute(query))
    return found
