"""Declarations of interest: made before the file opens, judged by what is known, resolved by the secretary."""

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
    InterestKind,
    KnownLink,
    Resolution,
    Standing,
    contradictions,
    examine_declaration,
    judge,
)
from services.funding.domain.deal.states import ACTIVE, DealState
from services.funding.domain.findings import Findings
from services.funding.domain.screening.surroundings import InterestsView
from services.funding.service.deals.circle import circles_of
from services.funding.service.deals.trail import Trail
from services.funding.store import schema
from services.funding.store.deals import committees, interests, screened
from services.kernel.clock import Clock
from services.kernel.errors import FailedPrecondition, NotFound, PermissionDenied
from services.kernel.ids import Ids
from services.kernel.text import Text


@dataclass(frozen=True)
class Judged:
    """A declaration with what it means now, what speaks against it, and how it was resolved."""

    declaration: Declaration
    standing: Standing
    against: tuple[KnownLink, ...]
    resolution: Resolution | None


@dataclass(frozen=True)
class Interests:
    """The use cases of interests."""

    trail: Trail
    clock: Clock
    ids: Ids

    def declare(
        self, session: Session, deal: Deal, member: str, kinds: Iterable[InterestKind], text: str
    ) -> Judged:
        """A declaration. Raises InvalidArgument, and FailedPrecondition for a deal that came to nothing.

        On a deal that was paid it is still taken: who looks at the holding declares first, too.
        """
        ordered, words = examine_declaration(kinds, text)
        if not takes(deal):
            raise FailedPrecondition(
                Text("项目已办结，不再受理声明", "the deal has ended; nothing more is declared on it"),
                reason="DEAL_ENDED",
            )
        made = Declaration(
            deal_id=deal.id,
            number=interests.next_number(session, deal.id),
            member=member,
            kinds=ordered,
            commitment=self.trail.keep_private(session, deal.id, words),
            circle=circles_of(session, [deal.firm_id])[deal.firm_id].digest,
            at=self.clock.now(),
        )
        interests.save_declaration(session, made)
        screened.touch(session, deal.firm_id)
        fact = {
            "number": made.number,
            "member": member,
            "kinds": list(ordered),
            "text_commitment": made.commitment,
        }
        self.trail.note(session, deal.id, "INTEREST", member, fact)
        return judged(session, [deal])[deal.id][-1]

    def resolve(
        self, session: Session, deal: Deal, number: int, *, recused: bool, reason: str, actor: str
    ) -> Judged:
        """Settle a contradicted declaration. Raises NotFound, PermissionDenied (FOUR_EYES) for its author,
        FailedPrecondition if nothing contradicts it.
        """
        found = next(
            (each for each in judged(session, [deal])[deal.id] if each.declaration.number == number), None
        )
        if found is None:
            raise NotFound.resource(f"deals/{deal.id}/interests/{number}")
        if found.declaration.member == actor:
            raise PermissionDenied(
                Text("本人的声明须由他人处理", "somebody else has to resolve one's own declaration"),
                reason="FOUR_EYES",
            )
        if found.standing is not Standing.CONTRADICTED:
            raise FailedPrecondition(
                Text("该声明没有待处理的矛盾", "nothing contradicts this declaration"),
                reason="NOT_CONTRADICTED",
            )
        findings = Findings()
        reason = findings.text("reason", reason, most=2000, required=True)
        findings.finish()
        made = Resolution(number=number, recused=recused, reason=reason, actor=actor, at=self.clock.now())
        interests.save_resolution(session, deal.id, made)
        screened.touch(session, deal.firm_id)
        fact = {"number": number, "recused": recused, "reason": reason}
        self.trail.note(session, deal.id, "INTEREST_RESOLVED", actor, fact)
        return next(each for each in judged(session, [deal])[deal.id] if each.declaration.number == number)

    def record_link(
        self, session: Session, firm_id: str, member: str, kind: InterestKind, source: str, actor: str
    ) -> KnownLink:
        """Record what is known of a person and a firm. Raises InvalidArgument."""
        findings = Findings()
        member = findings.text("known_link.member", member, most=128, required=True)
        source = findings.text("known_link.source", source, most=200, required=True)
        if kind is InterestKind.NONE:
            findings.add("known_link.kind", "NO_TIE", "请说明是什么关系", "say what the tie is")
        findings.finish()
        made = KnownLink(
            id=self.ids.new(),
            firm_id=firm_id,
            member=member,
            kind=kind,
            source=source,
            actor=actor,
            at=self.clock.now(),
        )
        interests.save_link(session, made)
        screened.touch(session, firm_id)
        return made


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
    by_deal, tied = judged(session, deals), _tied(session, {deal.firm_id for deal in deals})
    return {
        deal.id: {
            **dict.fromkeys(tied.get(deal.firm_id, ()), Standing.RECUSED),
            **{each.declaration.member: each.standing for each in by_deal.get(deal.id, ())},
        }
        for deal in deals
    }


def _tied(session: Session, firm_ids: Iterable[str]) -> dict[str, frozenset[str]]:
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
    tied = _tied(session, screened.family(session, firms))
    return frozenset(firm for firm, who in tied.items() if member in who)


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
