"""Votes on deals: opened by the secretary, cast blind by members, counted once, taken up as decisions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from services.funding.domain.checks.run import CHECKS
from services.funding.domain.committee.committee import Committee, Tier
from services.funding.domain.committee.decision import (
    STATE_OF,
    Decision,
    Outcome,
    next_decision,
    require_carried,
    require_correctable,
)
from services.funding.domain.committee.sitting import Sitting
from services.funding.domain.committee.vote import (
    Ballot,
    Choice,
    Purpose,
    Veto,
    Vote,
    examine_text,
)
from services.funding.domain.deal import recusal
from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.interest import Standing
from services.funding.domain.deal.states import DealState
from services.funding.service.deals.committees import get_sitting
from services.funding.service.deals.interests import standings, undeclared
from services.funding.service.deals.trail import Trail
from services.funding.service.readiness import not_declared, readiness, refused
from services.funding.store.deals import committees, trails
from services.kernel.clock import Clock
from services.kernel.errors import (
    AlreadyExists,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    PermissionDenied,
)
from services.kernel.ids import Ids
from services.kernel.text import Text


@dataclass(frozen=True)
class Voting:
    """The use cases of votes."""

    trail: Trail
    clock: Clock
    ids: Ids

    def open(self, session: Session, sitting: Sitting, deal: Deal, purpose: Purpose, actor: str) -> Vote:
        """Begin to take ballots. Raises FailedPrecondition with everything that stands in the way,
        InvalidArgument for a deal that is not on the agenda, AlreadyExists for a vote that was opened.
        """
        if deal.id not in sitting.deals:
            raise InvalidArgument.field(
                "deal", "NOT_ON_AGENDA", "该项目不在本次会议议程中", "the deal is not on the agenda"
            )
        if session.get(Vote, (sitting.id, deal.id)) is not None:
            raise AlreadyExists(
                Text("本次会议对该项目已开始表决", "a vote on this deal was opened at this sitting"),
                reason="VOTE_EXISTS",
                metadata={"resource": f"sittings/{sitting.id}/votes/{deal.id}"},
            )
        committee = session.get_one(Committee, sitting.committee_id)
        ready = readiness(session, sitting, committee, deal, purpose)
        if ready.problems:
            raise refused(ready.problems)
        made = Vote(
            sitting_id=sitting.id,
            deal_id=deal.id,
            tier=committee.tier,
            purpose=purpose,
            rule=ready.vote.rule,
            seats=sitting.seats,
            recusals=ready.vote.recusals,
            opened_at=self.clock.now(),
            opened_by=actor,
            closed_at=None,
            closed_by=None,
            tally=None,
            version=1,
        )
        session.add(made)
        session.flush()
        fact = {
            "vote": made.name,
            "tier": made.tier,
            "purpose": purpose,
            "eligible": sorted(made.eligible),
            "recusals": [trails.plain(each) for each in made.recusals],
            "rule": trails.plain(made.rule),
        }
        self.trail.note(session, deal.id, "VOTE_OPENED", actor, fact)
        return made

    def cast(self, session: Session, vote: Vote, member: str, choice: Choice, text: str) -> Ballot:
        """Vote. The same ballot again is answered with the first one. Raises as `Vote.admit` does, and
        PermissionDenied, RECUSED or COI_UNDECLARED, when the member has an interest or has to declare anew.
        """
        ballot = Ballot(
            member=member,
            choice=choice,
            text=examine_text("text", text),
            at=self.clock.now(),
            salt=self.ids.new(),
        )
        known = committees.ballot_of(session, vote, member)
        if not vote.admit(ballot, known):
            return known or ballot
        deal = session.get_one(Deal, vote.deal_id)
        standing = standings(session, [deal])[deal.id].get(member)
        if standing is Standing.RECUSED:
            raise recusal.refusal()
        if standing is not Standing.CLEAR:
            raise PermissionDenied(
                Text("请先声明利益冲突再表决", "declare your interests before you vote"),
                reason="COI_UNDECLARED",
            )
        committees.save_ballot(session, vote, ballot)
        self.trail.note(session, deal.id, "BALLOT", member, {"vote": vote.name, **trails.plain(ballot)})
        return ballot

    def veto(self, session: Session, vote: Vote, member: str, check: str, text: str) -> Veto:
        """Veto on grounds of compliance. Raises as `Vote.admit_veto` does; AlreadyExists for a second one."""
        made = Veto(
            member=member,
            check=check,
            text=examine_text("text", text, required=True),
            at=self.clock.now(),
        )
        vote.admit_veto(made, {each.code for each in CHECKS})
        for known in committees.vetoes(session, vote):
            if known.member == member:
                if (known.check, known.text) == (made.check, made.text):
                    return known
                raise AlreadyExists(
                    Text("已行使否决，不能更改", "a veto was cast, and is never changed"), reason="VETO_CAST"
                )
        committees.save_veto(session, vote, made)
        self.trail.note(session, vote.deal_id, "VETO", member, {"vote": vote.name, **trails.plain(made)})
        return made

    def close(self, session: Session, vote: Vote, actor: str) -> None:
        """Count. Raises FailedPrecondition if it is closed, or a member has to declare anew."""
        vote.require_open()
        deal = session.get_one(Deal, vote.deal_id)
        missing = undeclared(standings(session, [deal])[deal.id], vote.eligible)
        if missing:
            raise refused((not_declared(missing),))
        cast = committees.ballots(session, vote)
        tally = vote.close(cast, bool(committees.vetoes(session, vote)), by=actor, at=self.clock.now())
        session.flush()
        fact = {"vote": vote.name, "tally": trails.plain(tally)}
        self.trail.note(session, deal.id, "VOTE_CLOSED", actor, fact)

    def take_up(
        self,
        session: Session,
        deal: Deal,
        tier: Tier,
        outcome: Outcome,
        vote: Vote | None,
        *,
        conditions: str,
        reason: str,
        actor: str,
    ) -> Decision:
        """Record what a committee decided."""
        made = next_decision(
            committees.decisions(session, deal.id),
            tier=tier,
            outcome=outcome,
            sitting=vote.sitting_id if vote else "",
            conditions=examine_text("conditions", conditions),
            reason=examine_text("reason", reason),
            actor=actor,
            at=self.clock.now(),
        )
        committees.save_decision(session, deal.id, made)
        self.trail.note(session, deal.id, "DECISION", actor, trails.plain(made))
        return made

    def correct(
        self, session: Session, deal: Deal, vote: Vote, *, conditions: str, reason: str, actor: str
    ) -> Decision:
        """Take up a vote on a correction. Raises FailedPrecondition: the deal has ended, nothing to correct,
        the vote is no carried vote on this, or was taken up.
        """
        known = committees.decisions(session, deal.id)
        require_correctable(deal, known, vote.tier)
        require_carried(vote, Purpose.CORRECTION)
        if any(each.sitting == vote.sitting_id for each in known):
            raise FailedPrecondition(
                Text("该次表决已用于一项决定", "the vote was taken up by a decision"), reason="VOTE_SPENT"
            )
        examine_text("reason", reason, required=True)
        return self.take_up(
            session,
            deal,
            vote.tier,
            Outcome.APPROVED,
            vote,
            conditions=conditions,
            reason=reason,
            actor=actor,
        )


def get_vote(session: Session, sitting_id: str, deal_id: str) -> Vote:
    """A vote. Raises NotFound."""
    get_sitting(session, sitting_id)
    found = session.get(Vote, (sitting_id, deal_id))
    if found is None:
        raise NotFound.resource(f"sittings/{sitting_id}/votes/{deal_id}")
    return found


def current_vote(session: Session, deal: Deal, tier: Tier) -> Vote | None:
    """The last closed vote on what becomes of the deal since it came before this committee."""
    since = came_before(deal, STATE_OF[tier])
    spent = {each.sitting for each in committees.decisions(session, deal.id)}
    found = [
        vote
        for vote in committees.votes_of_deal(session, deal.id)
        if vote.tier is tier
        and vote.purpose is Purpose.DECISION
        and vote.tally is not None
        and vote.opened_at >= since
        and vote.sitting_id not in spent
    ]
    return max(found, key=lambda vote: (vote.closed_at or vote.opened_at, vote.sitting_id), default=None)


def came_before(deal: Deal, state: DealState) -> datetime:
    """When the deal came into this state, holds and questions on the way not counted."""
    parking = (Action.RESUME, Action.ANSWER_INFORMATION)
    for step in reversed(deal.transitions):
        if step.target is state and step.source is not state and step.action not in parking:
            return step.at
    return deal.created_at
