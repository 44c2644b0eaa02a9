"""Votes on a deal: those that are open or closed, their ballots as far as they are shown, and what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass

import grpc

from bole.funding.v1 import committee_pb2, committee_service_pb2_grpc, deal_pb2
from bole.funding.v1 import committee_service_pb2 as service
from services.chassis.rpc.wire import instant_from_wire
from services.console.backend import SECONDS
from services.console.pages.beside import Beside, beside
from services.console.web.visits import Visit

_SHOWN, _AHEAD = 4, 20


@dataclass(frozen=True, slots=True)
class Voted:
    """A vote, its ballots as far as they are shown, and whether the visitor may still cast one."""

    vote: committee_pb2.Vote
    sitting: committee_pb2.Sitting
    ballots: Sequence[committee_pb2.Ballot]
    hidden: bool
    may_cast: bool

    @property
    def open(self) -> bool:
        """Whether ballots are taken."""
        return self.vote.state == committee_pb2.Vote.STATE_OPEN


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sitting that has the deal on its agenda and has opened no vote on it; `item` says what stands in the way."""

    sitting: committee_pb2.Sitting
    item: committee_pb2.AgendaItem | None


@dataclass(frozen=True, slots=True)
class Votes:
    """The votes on a deal, newest first, the sittings that are yet to vote on it, and the committees of its fund."""

    voted: Sequence[Voted]
    waiting: Sequence[Waiting]
    committees: Sequence[committee_pb2.Committee]
    ahead: Sequence[committee_pb2.Sitting]
    """Sittings of these committees that are still to be and have the deal not on their agenda, the next one first."""
    lacking: str
    """The tier that the deal needs next and its fund has no committee of; empty where it has."""


def of_deal(visit: Visit, deal: deal_pb2.Deal) -> Beside[Votes]:
    """The votes on a deal, at the newest sittings of its fund's committees."""
    return beside(lambda: _votes(visit, deal))


def decisions(visit: Visit, name: str) -> Beside[Sequence[committee_pb2.Decision]]:
    """What was decided on a deal."""
    stub, request = _stub(visit), service.ListDecisionsRequest(parent=name)
    return beside(lambda: stub.ListDecisions(request, timeout=SECONDS).decisions)


def _votes(visit: Visit, deal: deal_pb2.Deal) -> Votes:
    stub = _stub(visit)
    committees = stub.ListCommittees(
        service.ListCommitteesRequest(fund=deal.fund), timeout=SECONDS
    ).committees
    sittings = [
        sitting
        for committee in committees
        for sitting in stub.ListSittings(
            service.ListSittingsRequest(committee=committee.name, deals=[deal.name], page_size=_SHOWN),
            timeout=SECONDS,
        ).sittings
    ]
    sittings.sort(key=lambda each: each.sit_time.ToNanoseconds(), reverse=True)
    found = [(each, voted(visit, stub, each, deal.name)) for each in sittings[:_SHOWN]]
    return Votes(
        [vote for _, vote in found if vote is not None],
        [_waiting(stub, sitting, deal) for sitting, vote in found if vote is None],
        committees,
        _ahead(visit, stub, deal, committees) if visit.may("plan sitting") else (),
        _lacking(deal, committees),
    )


def _ahead(
    visit: Visit,
    stub: committee_service_pb2_grpc.CommitteeServiceStub,
    deal: deal_pb2.Deal,
    committees: Sequence[committee_pb2.Committee],
) -> Sequence[committee_pb2.Sitting]:
    newest = [
        sitting
        for each in committees
        for sitting in stub.ListSittings(
            service.ListSittingsRequest(committee=each.name, page_size=_AHEAD), timeout=SECONDS
        ).sittings
    ]
    ahead = [
        each
        for each in newest
        if instant_from_wire(each.sit_time) > visit.now and deal.name not in each.deals
    ]
    return sorted(ahead, key=lambda each: each.sit_time.ToNanoseconds())


def _lacking(deal: deal_pb2.Deal, committees: Sequence[committee_pb2.Committee]) -> str:
    tiers = committee_pb2.Committee.Tier
    outside = deal.state == deal_pb2.Deal.STATE_IC_EXTERNAL
    needed = tiers.TIER_EXTERNAL if outside else tiers.TIER_INTERNAL
    has = any(each.tier == needed for each in committees)
    return "" if has else tiers.Name(needed).removeprefix("TIER_")


def _waiting(
    stub: committee_service_pb2_grpc.CommitteeServiceStub, sitting: committee_pb2.Sitting, deal: deal_pb2.Deal
) -> Waiting:
    request = service.GetSittingAgendaRequest(name=sitting.name)
    agenda = beside(lambda: stub.GetSittingAgenda(request, timeout=SECONDS).items)
    return Waiting(sitting, next((each for each in agenda.answer or () if each.deal == deal.name), None))


def voted(
    visit: Visit,
    stub: committee_service_pb2_grpc.CommitteeServiceStub,
    sitting: committee_pb2.Sitting,
    deal: str,
) -> Voted | None:
    """The vote on a deal, by its resource name; None where it is on the agenda and no vote has been opened."""
    name = f"{sitting.name}/votes/{deal.removeprefix('deals/')}"
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
