"""Whether a deal is ready to be voted on, and what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.funding.domain.committee.committee import Committee, voters
from services.funding.domain.committee.decision import STATE_OF, require_correctable
from services.funding.domain.committee.sitting import Sitting
from services.funding.domain.committee.vote import Bar, Purpose, Recusal, Vote
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.guards import proposers
from services.funding.domain.deal.interest import Standing
from services.funding.service.deals.cases import fund_with_mandate
from services.funding.service.deals.interests import standings, undeclared
from services.funding.store.deals import committees, interests
from services.kernel.errors import FailedPrecondition, Violation
from services.kernel.text import Text


@dataclass(frozen=True)
class Readiness:
    """Whether a vote could be opened, with the vote that would be, and who has yet to declare."""

    vote: Vote
    undeclared: frozenset[str]
    problems: tuple[Violation, ...]


def readiness(
    session: Session, sitting: Sitting, committee: Committee, deal: Deal, purpose: Purpose
) -> Readiness:
    """Everything that stands in the way of a vote; deals' histories have to be loaded."""
    _, mandate = fund_with_mandate(session, deal.fund_id)
    found = standings(session, [deal])[deal.id]
    members = voters(sitting.seats)
    parties = interests.parties(session, [deal.id]).get(deal.id)
    missing = undeclared(found, members | set(parties.team if parties else ()))
    bars = {member: Bar.INTEREST for member in members if found.get(member) is Standing.RECUSED}
    bars |= dict.fromkeys(members & proposers(deal), Bar.PROPOSER)
    vote = Vote(
        sitting_id=sitting.id,
        deal_id=deal.id,
        tier=committee.tier,
        purpose=purpose,
        rule=mandate.voting,
        seats=sitting.seats,
        recusals=tuple(Recusal(member, bars[member]) for member in sorted(bars)),
        opened_at=sitting.sits_at,
        opened_by="",
        closed_at=None,
        closed_by=None,
        tally=None,
        version=1,
    )
    problems = [*_out_of_turn(session, committee, deal, purpose)]
    if missing:
        problems.append(not_declared(missing))
    problems += _without_quorum(vote)
    return Readiness(vote, missing, tuple(problems))


def _without_quorum(vote: Vote) -> Sequence[Violation]:
    eligible = len(vote.eligible)
    if vote.rule.quorum_possible(eligible):
        return ()
    needed = vote.rule.quorum_of(eligible)
    text = Text(
        f"回避后可表决{eligible}人，法定人数{needed}人，须增补委员",
        f"{eligible} may vote after recusals and the quorum is {needed}: seat more members",
    )
    return (Violation("seats", "QUORUM_IMPOSSIBLE", text),)


def _out_of_turn(session: Session, committee: Committee, deal: Deal, purpose: Purpose) -> Sequence[Violation]:
    if purpose is Purpose.CORRECTION:
        try:
            require_correctable(deal, committees.decisions(session, deal.id), committee.tier)
        except FailedPrecondition as error:
            return (Violation("deal", error.reason, error.text),)
        return ()
    if deal.state is STATE_OF[committee.tier]:
        return ()
    return (
        Violation(
            "deal",
            "NOT_BEFORE_COMMITTEE",
            Text(
                f"项目处于“{deal.state.label.zh}”，不在{committee.tier.label.zh}审议阶段",
                f"the deal is in {deal.state.label.en}, not before the {committee.tier.label.en}",
            ),
        ),
    )


def not_declared(missing: frozenset[str]) -> Violation:
    """The violation that names who has yet to declare."""
    zh, en = (mark.join(sorted(missing)) for mark in ("、", ", "))
    return Violation(
        "interests",
        "COI_UNDECLARED",
        Text(f"尚未完成利益冲突声明：{zh}", f"interests have not been declared by {en}"),
    )


def refused(problems: Sequence[Violation]) -> FailedPrecondition:
    """One error for all problems."""
    return FailedPrecondition(
        Text("；".join(each.text.zh for each in problems), "; ".join(each.text.en for each in problems)),
        reason=problems[0].reason,
        violations=problems,
    )
