"""What the guards of a deal look at, read in the transaction of the step."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.funding.domain.checks.run import run_checks
from services.funding.domain.committee.committee import voters
from services.funding.domain.committee.vote import Result, Vote
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.parties import Parties
from services.funding.domain.deal.states import TERMINAL
from services.funding.domain.deal.step import DealContext, Step
from services.funding.service.deals.cases import fund_with_mandate, open_cases
from services.funding.service.deals.interests import recused_from, standings, undeclared
from services.funding.store import schema
from services.funding.store.deals import interests
from services.kernel.clock import civil_date

_QUORATE = {Result.CARRIED, Result.NOT_CARRIED, Result.VETOED}


def deal_context(
    session: Session, catalogue: Catalogue, deal: Deal, step: Step, vote: Vote | None
) -> DealContext:
    """Rules, capital, interests and the vote as of the step. `vote`: the closed one the committee has taken."""
    today = civil_date(step.at)
    fund, mandate = fund_with_mandate(session, deal.fund_id, today)
    opened = next(open_cases(session, catalogue, fund, mandate, today, deal.id))
    team = frozenset(interests.parties(session, [deal.id]).get(deal.id, Parties()).team)
    found = standings(session, [deal])[deal.id]
    recused = recused_from(session, deal)
    result = vote.tally.result if vote and vote.tally else None
    return DealContext(
        checks=run_checks(opened.case),
        case=opened.case,
        scored=True,
        headroom_fen=fund.headroom_fen,
        team=team,
        undeclared=undeclared(found, team | (voters(vote.seats) if vote else frozenset())),
        conflicted=recused & team,
        recused=recused,
        quorate=None if result is None else result in _QUORATE,
        carried=None if result is None else result is Result.CARRIED,
        vetoed=result is Result.VETOED,
        open_deal=open_deal_of(session, deal.fund_id, deal.firm_id, deal.round_name, deal.id),
        approval_days=mandate.approval_days,
    )


def open_deal_of(session: Session, fund_id: str, firm_id: str, round_name: str, but: str = "") -> str | None:
    """The id of another open deal of the same fund, firm and round, or None."""
    table = schema.deal
    query = select(table.c.id).where(
        table.c.fund_id == fund_id,
        table.c.firm_id == firm_id,
        table.c.round_name == round_name,
        table.c.state.not_in([state.name for state in TERMINAL]),
        table.c.id != but,
    )
    found: str | None = session.execute(query.limit(1)).scalar_one_or_none()
    return found
