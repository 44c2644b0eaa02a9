"""The terms of a deal, stated anew by whom the deal is kept."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.terms import DealTerms
from services.funding.domain.restating import restate_deal
from services.funding.service.deals.deals import Deals
from services.funding.store import repository
from services.funding.store.deals import trails


@dataclass(frozen=True, slots=True)
class Stated:
    """What is stated. `owner` looks after the deal; `rating`: experts' rating, 1 to 5, None without one."""

    terms: DealTerms
    owner: str
    rating: int | None


def restate(deals: Deals, session: Session, deal: Deal, stated: Stated, actor: str) -> None:
    """Take the terms of a deal for others; the same again changes nothing.

    Raises InvalidArgument; FailedPrecondition as `restate_deal` does, and for an amount over the sanity caps.
    """
    known = Stated(deal.terms, deal.owner, deal.expert_rating)
    if stated == known:
        return
    ref = repository.refs_of_deals(session, [deal.id]).get(deal.id)
    subject = f"deal:{ref or f'{deal.fund_id}/{deal.firm_id}/{deal.round_name}'}"
    restate_deal(deal, stated.terms, stated.owner, stated.rating, at=deals.clock.now())
    deals.require_amounts(session, subject, stated.terms, actor)
    deals.trail.note(session, deal.id, "RESTATED", actor, {"terms": trails.plain(stated.terms)})
    deals.tell(session, deal, actor)
