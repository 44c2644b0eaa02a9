"""The votes of CommitteeService: opened, cast blind, closed, and taken up as decisions."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.funding.v1 import committee_pb2, committee_service_pb2_grpc
from bole.funding.v1 import committee_service_pb2 as wire
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import check_etag
from services.funding.domain.committee.committee import Committee
from services.funding.domain.committee.vote import Choice, Purpose, Vote
from services.funding.domain.deal.deal import Deal
from services.funding.rpc.changing import changed
from services.funding.rpc.deals.acting import require_free, require_fund
from services.funding.rpc.deals.committee_wire import (
    ballot_to_wire,
    decision_to_wire,
    veto_to_wire,
    vote_key,
    vote_to_wire,
)
from services.funding.rpc.seeing import Sight
from services.funding.rpc.wire import id_of
from services.funding.service.deals.cases import fund_with_mandate
from services.funding.service.deals.committees import get_sitting
from services.funding.service.deals.voting import Voting, get_vote
from services.funding.store.deals import committees
from services.kernel.errors import InvalidArgument

_SECRETARY = ("committee_secretary",)
_VOTERS = ("committee_member", "supervisor")


@dataclass(frozen=True)
class VotingRoom(committee_service_pb2_grpc.CommitteeServiceServicer):
    """The part of the servicer that votes."""

    house: House
    voting: Voting

    def OpenVote(self, request: wire.OpenVoteRequest, context: Any) -> committee_pb2.Vote:
        """Begin to take ballots."""
        call = current_call()

        def act(session: Session) -> committee_pb2.Vote:
            sitting = get_sitting(session, id_of(request.parent, "sittings", field="parent"))
            committee = session.get_one(Committee, sitting.committee_id)
            _require_city(session, call, committee.fund_id, _SECRETARY)
            deal = Sight.of(call).find(session, id_of(request.deal, "deals", field="deal"))
            require_free(session, call, deal)
            purpose = committee_pb2.Vote.Purpose.Name(request.purpose or 1).removeprefix("PURPOSE_")
            made = self.voting.open(session, sitting, deal, Purpose[purpose], call.principal.subject)
            return _vote(session, made)

        return changed(self.house, "open-vote", request, committee_pb2.Vote, act)

    def GetVote(self, request: wire.GetVoteRequest, context: Any) -> committee_pb2.Vote:
        """One vote."""
        with self.house.database.read() as session:
            vote = get_vote(session, *vote_key(request.name, "name"))
            Sight.of(current_call()).find(session, vote.deal_id)
            return _vote(session, vote)

    def CastBallot(self, request: wire.CastBallotRequest, context: Any) -> committee_pb2.Ballot:
        """Vote."""
        call = current_call()

        def act(session: Session) -> committee_pb2.Ballot:
            vote = _vote_of(session, call, request.parent)
            choice = Choice[committee_pb2.Ballot.Choice.Name(request.choice).removeprefix("CHOICE_")]
            made = self.voting.cast(session, vote, call.principal.subject, choice, request.text)
            return ballot_to_wire(vote, made)

        return changed(self.house, "vote", request, committee_pb2.Ballot, act)

    def CastVeto(self, request: wire.CastVetoRequest, context: Any) -> committee_pb2.Veto:
        """Veto on grounds of compliance."""
        call = current_call()

        def act(session: Session) -> committee_pb2.Veto:
            vote = _vote_of(session, call, request.parent)
            require_free(session, call, session.get_one(Deal, vote.deal_id))
            subject = call.principal.subject
            return veto_to_wire(self.voting.veto(session, vote, subject, request.check_code, request.text))

        return changed(self.house, "veto", request, committee_pb2.Veto, act)

    def CloseVote(self, request: wire.CloseVoteRequest, context: Any) -> committee_pb2.Vote:
        """Count."""
        call = current_call()

        def act(session: Session) -> committee_pb2.Vote:
            vote = get_vote(session, *vote_key(request.name, "name"))
            _require_city(session, call, _fund_of(session, vote), _SECRETARY)
            require_free(session, call, session.get_one(Deal, vote.deal_id))
            check_etag(request.etag, vote.version, request.name)
            self.voting.close(session, vote, call.principal.subject)
            return _vote(session, vote)

        return changed(self.house, "close-vote", request, committee_pb2.Vote, act)

    def ListBallots(self, request: wire.ListBallotsRequest, context: Any) -> wire.ListBallotsResponse:
        """Ballots of a closed vote; of an open one the caller's own."""
        call = current_call()
        with self.house.database.read() as session:
            vote = get_vote(session, *vote_key(request.parent, "parent"))
            found = committees.ballots(session, vote)
            if vote.tally is None:
                found = [each for each in found if each.member == call.principal.subject]
            else:
                Sight.of(call).open(session, vote.deal_id)
        return wire.ListBallotsResponse(
            ballots=[ballot_to_wire(vote, each) for each in found], hidden=vote.tally is None
        )

    def ListDecisions(self, request: wire.ListDecisionsRequest, context: Any) -> wire.ListDecisionsResponse:
        """All decisions on a deal."""
        with self.house.database.read() as session:
            deal = Sight.of(current_call()).open(session, id_of(request.parent, "deals", field="parent"))
            found = committees.decisions(session, deal.id)
        gone = {each.supersedes for each in found}
        return wire.ListDecisionsResponse(decisions=[decision_to_wire(deal.id, each, gone) for each in found])

    def CorrectDecision(self, request: wire.CorrectDecisionRequest, context: Any) -> committee_pb2.Decision:
        """A decision that supersedes the standing one."""
        call = current_call()

        def act(session: Session) -> committee_pb2.Decision:
            deal = Sight.of(call).find(session, id_of(request.parent, "deals", field="parent"))
            _require_city(session, call, deal.fund_id, _SECRETARY)
            require_free(session, call, deal)
            vote = get_vote(session, *vote_key(request.vote, "vote"))
            if vote.deal_id != deal.id:
                raise InvalidArgument.field(
                    "vote", "OTHER_DEAL", "该次表决属于另一项目", "the vote was on another deal"
                )
            made = self.voting.correct(
                session,
                deal,
                vote,
                conditions=request.conditions,
                reason=request.reason,
                actor=call.principal.subject,
            )
            return decision_to_wire(deal.id, made, ())

        return changed(self.house, "correct-decision", request, committee_pb2.Decision, act)


def _require_city(session: Session, call: Call, fund_id: str, roles: tuple[str, ...]) -> None:
    require_fund(session, call, roles, fund_id)
    fund_with_mandate(session, fund_id)


def _vote_of(session: Session, call: Call, name: str) -> Vote:
    vote = get_vote(session, *vote_key(name, "parent"))
    _require_city(session, call, _fund_of(session, vote), _VOTERS)
    return vote


def _fund_of(session: Session, vote: Vote) -> str:
    return session.get_one(Committee, get_sitting(session, vote.sitting_id).committee_id).fund_id


def _vote(session: Session, vote: Vote) -> committee_pb2.Vote:
    return vote_to_wire(vote, committees.cast_count(session, vote), committees.vetoes(session, vote))
