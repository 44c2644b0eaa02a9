"""Declarations of interest: what they mean now, by what is known, and who is recused by them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from services.funding.domain.committee.committee import voters
from services.funding.domain.committee.decision import STATE_OF
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.interest import (
    DECLARED,
    Declaration,
    KnownLink,
    Resolution,
    Standing,
    contradictions,
    judge,
)
from services.funding.domain.deal.states import ACTIVE, DealState
from services.funding.domain.screening.surroundings import InterestsView
from services.funding.service.deals.circle import circles_of
from services.funding.store import schema
from services.funding.store.deals import committees, interests, screened


@dataclass(frozen=True)
class Judged:
    """A declaration with what it means now, what speaks against it, and how it was resolved."""

    declaration: Declaration
    standing: Standing
    against: tuple[KnownLink, ...]
    resolution: Resolution | None


def takes(deal: Deal) -> bool:
    """Whether interests are still declared on a deal: under way, or paid."""
    return deal.state in ACTIVE or deal.state is DealState.INVESTED


def judged(session: Session, deals: Sequence[Deal]) -> Mapping[str, list[Judged]]:
    """Every declaration on these deals in order, by deal."""
    ids = [deal.id for deal in deals]
    firms = sorted({deal.firm_id for deal in deals})
    firm_of, circles = {deal.id: deal.firm_id for deal in deals}, circles_of(session, firms)
    resolved, found = interests.resolutions(session, ids), defaultdict[str, list[Judged]](list)
    settled: dict[tuple[str, str], Resolution] = {}
    for made in interests.declarations(session, ids):
        circle, key = circles[firm_of[made.deal_id]], (made.deal_id, made.member)
        # What was once found harmless is not asked about again when the person declares anew.
        resolution = resolved.get((made.deal_id, made.number)) or settled.get(key)
        if resolution is not None and not resolution.recused:
            settled[key] = resolution
        found[made.deal_id].append(
            Judged(
                made,
                judge(made, circle.links, resolution, circle.digest),
                contradictions(made, circle.links, resolution),
                resolution,
            )
        )
    return found


def standings(session: Session, deals: Sequence[Deal]) -> Mapping[str, dict[str, Standing]]:
    """What each person's last declaration on each of these deals means now. Who has not declared on a deal, and whose
    last word on any other of its firm is an interest, is recused from it.
    """
    if not deals:
        return {}
    by_deal, tied = judged(session, deals), tied_to(session, {deal.firm_id for deal in deals})
    return {
        deal.id: {
            **dict.fromkeys(tied.get(deal.firm_id, ()), Standing.RECUSED),
            **{each.declaration.member: each.standing for each in by_deal.get(deal.id, ())},
        }
        for deal in deals
    }


def tied_to(session: Session, firm_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """By firm, those whose last word on any deal of it is an interest. Firms that were merged are one."""
    homes = interests.families(session, firm_ids)
    declared = interests.deals_of_families(session, set(homes.values()))
    deals = [deal for found in declared.values() for deal in found]
    said, tied = judged(session, deals), dict[str, frozenset[str]]()
    for home, found in declared.items():
        words = [each for deal in found for each in said.get(deal.id, ())]
        last = {each.declaration.member: each for each in sorted(words, key=lambda each: each.declaration.at)}
        tied[home] = frozenset(who for who, each in last.items() if each.standing is Standing.RECUSED)
    return {firm: tied.get(home, frozenset()) for firm, home in homes.items()}


def firms_closed_to(session: Session, member: str) -> frozenset[str]:
    """Ids of the firms in which somebody has an interest by their last word on any deal of them, and of those that
    were merged with one.
    """
    ids = interests.deals_declared_by(session, member)
    if not ids:
        return frozenset()
    firms = session.scalars(select(schema.deal.c.firm_id).where(schema.deal.c.id.in_(ids)).distinct()).all()
    tied = tied_to(session, screened.family(session, firms))
    return frozenset(firm for firm, who in tied.items() if member in who)


def declared_on(session: Session, member: str, firm_id: str) -> str:
    """The newest deal of a firm, or of one that is merged with it, on which somebody has declared and still may; empty
    without one.
    """
    deal, ids = schema.deal.c, interests.deals_declared_by(session, member)
    query = select(Deal).where(deal.id.in_(ids), deal.firm_id.in_(screened.family(session, [firm_id])))
    return max((each.id for each in session.scalars(query) if takes(each)), default="")


def recused_from(session: Session, deal: Deal) -> frozenset[str]:
    """Everybody who has an interest in the firm of a deal."""
    found = standings(session, [deal])[deal.id]
    return frozenset(member for member, standing in found.items() if standing is Standing.RECUSED)


def recusals_of(session: Session, member: str) -> frozenset[str]:
    """Ids of the deals that somebody is recused from."""
    table, ids = schema.deal.c, interests.deals_declared_by(session, member)
    if not ids:
        return frozenset()
    firms = session.scalars(select(table.firm_id).where(table.id.in_(ids)).distinct()).all()
    deals = session.scalars(select(Deal).where(table.firm_id.in_(screened.family(session, firms)))).all()
    found = standings(session, deals)
    return frozenset(each for each, said in found.items() if said.get(member) is Standing.RECUSED)


def all_but(session: Session, fund_id: str, closed: frozenset[str]) -> frozenset[str] | None:
    """The deals of a fund without those that are closed to somebody; None for all of them."""
    table = schema.deal.c
    if not closed or not session.scalar(
        select(exists().where(table.fund_id == fund_id, table.id.in_(closed)))
    ):
        return None
    return frozenset(session.scalars(select(table.id).where(table.fund_id == fund_id))) - closed


def undeclared(found: Mapping[str, Standing], members: Iterable[str]) -> frozenset[str]:
    """Those of `members` who have yet to declare, or whose declaration does not stand."""
    return frozenset(member for member in members if found.get(member) not in DECLARED)


def views_of(session: Session, deals: Sequence[Deal]) -> dict[str, InterestsView]:
    """What checks look at of the interests in these deals. Without a team nobody is looked at yet."""
    parties = interests.parties(session, [deal.id for deal in deals])
    staffed = [deal for deal in deals if deal.id in parties and parties[deal.id].team]
    found = standings(session, staffed) if staffed else {}
    views = {deal.id: InterestsView(staffed=False) for deal in deals}
    for deal in staffed:
        team, said = parties[deal.id].team, found[deal.id]
        views[deal.id] = InterestsView(
            undeclared=tuple(sorted(undeclared(said, team))),
            related=tuple(sorted(each for each in team if said.get(each) is Standing.RECUSED)),
            staffed=True,
        )
    return views


def clear_for(session: Session, subject: str, fund_id: str) -> frozenset[str]:
    """The deals of a fund on which somebody has declared no interest, with nothing known against it."""
    ids = interests.deals_declared_by(session, subject)
    table = schema.deal
    query = select(Deal).where(table.c.id.in_(ids), table.c.fund_id == fund_id)
    deals = session.scalars(query).all()
    found = standings(session, deals)
    return frozenset(each.id for each in deals if found[each.id].get(subject) is Standing.CLEAR)


def asked_on(session: Session, deal: Deal) -> frozenset[str]:
    """Whose declaration a deal waits for: its team, and the members of the committee it is before."""
    parties = interests.parties(session, [deal.id]).get(deal.id)
    asked = set(parties.team) if parties else set()
    for each in committees.committees_of(session, deal.fund_id):
        if STATE_OF[each.tier] is deal.state:
            asked |= voters(each.seats)
    return frozenset(asked)
