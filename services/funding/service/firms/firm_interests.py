"""Who has an interest in a firm, declared or known, and what that does to the quorums of its open deals."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.funding.domain.committee.committee import Committee, voters
from services.funding.domain.committee.rule import VotingRule
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.interest import InterestKind, Standing
from services.funding.domain.deal.states import ACTIVE
from services.funding.service.deals.cases import fund_with_mandate
from services.funding.service.deals.circle import circles_of
from services.funding.service.deals.interests import judged, standings
from services.funding.store import schema
from services.funding.store.deals import committees


@dataclass(frozen=True)
class Effect:
    """What recusals do to one committee's vote on one deal."""

    deal_id: str
    committee_id: str
    members: int
    eligible: int
    quorum: int
    possible: bool


@dataclass(frozen=True)
class FirmInterest:
    """One tie of one person. `source`: the declaration's name, or where it is known from."""

    member: str
    kind: InterestKind
    declared: bool
    source: str
    at: datetime
    effects: tuple[Effect, ...]


def interests_in(session: Session, firm_id: str) -> list[FirmInterest]:
    """Declared ones first, then those known from elsewhere; an interest may be both."""
    deals = session.scalars(select(Deal).where(schema.deal.c.firm_id == firm_id)).all()
    every = judged(session, deals)
    # The last word of each person on each deal.
    by_deal = {
        deal.id: tuple({each.declaration.member: each for each in every.get(deal.id, ())}.values())
        for deal in deals
    }
    stand = standings(session, deals)
    barred = {
        id_: {who for who, each in found.items() if each in (Standing.RECUSED, Standing.CONTRADICTED)}
        for id_, found in stand.items()
    }
    clear = {
        id_: {who for who, each in found.items() if each is Standing.CLEAR} for id_, found in stand.items()
    }
    links = circles_of(session, [firm_id])[firm_id].links
    known = {link.member for link in links}
    effects = [
        (effect, seats)
        for deal in deals
        if deal.state in ACTIVE
        for effect, seats in _effects(session, deal, barred[deal.id] | (known - clear[deal.id]))
    ]

    def on(member: str) -> tuple[Effect, ...]:
        return tuple(effect for effect, seats in effects if member in seats)

    declared = [
        FirmInterest(
            each.declaration.member,
            kind,
            True,
            f"deals/{deal.id}/interests/{each.declaration.number}",
            each.declaration.at,
            on(each.declaration.member),
        )
        for deal in deals
        for each in by_deal[deal.id]
        for kind in each.declaration.kinds
        if kind is not InterestKind.NONE
    ]
    found = [
        FirmInterest(link.member, link.kind, False, link.source, link.at, on(link.member)) for link in links
    ]
    return sorted(declared, key=lambda each: (each.member, each.at)) + found


def _effects(session: Session, deal: Deal, barred: set[str]) -> list[tuple[Effect, frozenset[str]]]:
    _, mandate = fund_with_mandate(session, deal.fund_id)
    found = []
    for committee in committees.committees_of(session, deal.fund_id):
        seats = voters(committee.seats)
        found.append((_effect(deal, committee, len(seats), len(seats - barred), mandate.voting), seats))
    return found


def _effect(deal: Deal, committee: Committee, members: int, eligible: int, rule: VotingRule) -> Effect:
    return Effect(
        deal.id, committee.id, members, eligible, rule.quorum_of(eligible), rule.quorum_possible(eligible)
    )
