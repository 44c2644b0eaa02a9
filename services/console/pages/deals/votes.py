"""Votes on a deal: those that are open or closed, their ballots as far as they are shown, and what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass

import grpc

from bole.funding.v1 import committee_pb2, committee_service_pb2_grpc, deal_pb2
from bole.funding.v1 import committee_service_pb2 as service
from services.console.backend import SECONDS
from services.console.pages.beside import Beside, beside
from services.console.web.visits import Visit

_SITTINGS = 100
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Voted:
    """A vote, its ballots as far as they are shown, and whether the visitor may still cast one."""

    vote: committee_pb2.Vote
    sitting: committee_pb2.Sitting
    ballots: Sequence[committee_pb2.Ballot]
    hidden: bool
    may_cast: bool


def of_deal(visit: Visit, deal: deal_pb2.Deal) -> Beside[list[Voted]]:
    """The votes on a deal, at the newest sittings of its fund's committees."""
    return beside(lambda: _votes(visit, deal))


def decisions(visit: Visit, name: str) -> Beside[Sequence[committee_pb2.Decision]]:
    """What was decided on a deal."""
    stub, request = _stub(visit), service.ListDecisionsRequest(parent=name)
    return beside(lambda: stub.ListDecisions(request, timeout=SECONDS).decisions)


def _votes(visit: Visit, deal: deal_pb2.Deal) -> list[Voted]:
    stub = _stub(visit)
    committees = stub.ListCommittees(service.ListCommitteesRequest(fund=deal.fund), timeout=SECONDS)
    sittings = [
        sitting
        for committee in committees.committees
        for sitting in stub.ListSittings(
            service.ListSittingsRequest(committee=committee.name, page_size=_SITTINGS), timeout=SECONDS
        ).sittings
        if deal.name in sitting.deals
    ]
    sittings.sort(key=lambda each: each.sit_time.ToNanoseconds(), reverse=True)
    found = (_voted(visit, stub, sitting, deal) for sitting in sittings[:_SHOWN])
    return [each for each in found if each is not None]


def _voted(
    visit: Visit,
    stub: committee_service_pb2_grpc.CommitteeServiceStub,
    sitting: committee_pb2.Sitting,
    deal: deal_pb2.Deal,
) -> Voted | None:
    """None where the deal is on the agenda and no vote has been opened."""
    name = f"{sitting.name}/votes/{deal.name.removeprefix('deals/')}"
    try:
        vote = stub.GetVote(service.GetVoteRequest(name=name), timeout=SECONDS)
    except grpc.RpcError as error:
        if isinstance(error, grpc.Call) and error.code() is grpc.StatusCode.NOT_FOUND:
            return None
        raise
    answer = stub.ListBallots(service.ListBallotsRequest(parent=name), timeout=SECONDS)
    subject = visit.principal.subject if visit.principal else ""
    seated = any(
        each.member == subject and each.kind == committee_pb2.CommitteeSeat.KIND_MEMBER
        for each in sitting.seats
    )
    open_ = vote.state == committee_pb2.Vote.STATE_OPEN
    cast_ = any(each.member == subject for each in answer.ballots)
    may = seated and open_ and not cast_ and subject not in vote.recused_members
    return Voted(vote, sitting, answer.ballots, answer.hidden, may)


def _stub(visit: Visit) -> committee_service_pb2_grpc.CommitteeServiceStub:
    return visit.stub(committee_service_pb2_grpc.CommitteeServiceStub)
