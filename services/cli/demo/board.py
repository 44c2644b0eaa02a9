"""Who decides on a deal in the demonstration: a team, a committee of four with one of them recused, the secretary."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import grpc

from bole.funding.v1 import committee_pb2, deal_pb2, interest_pb2, interest_service_pb2_grpc
from bole.funding.v1 import committee_service_pb2 as service
from bole.funding.v1 import interest_service_pb2 as interest_service
from services.chassis.identity.identity import Grant
from services.chassis.rpc.failures import read_failure
from services.chassis.rpc.wire import instant_to_wire
from services.cli.demo import judging
from services.cli.demo.stage import DUE_DILIGENCE, Stage
from services.cli.funding import committees
from services.cli.session import Session

TEAM = ("demo-analyst-1", "demo-analyst-2")
MEMBERS = ("demo-member-1", "demo-member-2", "demo-member-3")
TIED = "demo-member-4"
"""A member who holds a share of the firm: declares it, is recused, and is not let vote."""
MANAGER, SECRETARY, LEGAL, FINANCE = ("demo-manager", "demo-secretary", "demo-legal", "demo-finance")
_ROLES = {
    MANAGER: "fund_manager",
    SECRETARY: "committee_secretary",
    LEGAL: "legal",
    FINANCE: "finance",
    **dict.fromkeys(TEAM, "fund_analyst"),
    **dict.fromkeys((*MEMBERS, TIED), "committee_member"),
}
Ballot = committee_pb2.Ballot
Kind = interest_pb2.InterestKind


def seat(stage: Stage) -> dict[str, Session]:
    """Everybody, signed in."""
    purposes = frozenset({DUE_DILIGENCE})
    return {
        who: stage.session(Grant(role, purposes=purposes), subject=who, purpose=DUE_DILIGENCE)
        for who, role in _ROLES.items()
    }


@dataclass(frozen=True)
class Board:
    """The committees of one deal."""

    people: Mapping[str, Session]
    deal: deal_pb2.Deal

    def declare(self, who: str, kind: "Kind", text: str = "") -> None:
        """Declare an interest, or that there is none."""
        stub = interest_service_pb2_grpc.InterestServiceStub(self.people[who].channel("funding"))
        stub.DeclareInterest(
            interest_service.DeclareInterestRequest(parent=self.deal.name, kinds=[kind], text=text)
        )

    def everybody_declares(self) -> None:
        """Members declare before they may read the file."""
        for member in MEMBERS:
            self.declare(member, interest_pb2.INTEREST_KIND_NONE)
        self.declare(TIED, interest_pb2.INTEREST_KIND_EQUITY, "持有该企业0.5%股权（演示）")

    def vote(
        self, tier: "committee_pb2.Committee.Tier", *, against: Sequence[str] = ()
    ) -> committee_pb2.Vote:
        """A sitting, a blind vote, and its count. Raises NotAsItShouldBe if ballots were seen or the recused voted."""
        stub = committees.stub(self.people[SECRETARY])
        sitting = stub.CreateSitting(
            service.CreateSittingRequest(
                sitting=committee_pb2.Sitting(
                    committee=self._committee(stub, tier),
                    sit_time=instant_to_wire(datetime.now(UTC) + timedelta(hours=1)),
                    deals=[self.deal.name],
                ),
                request_id=str(uuid4()),
            )
        )
        vote = stub.OpenVote(service.OpenVoteRequest(parent=sitting.name, deal=self.deal.name))
        for member in MEMBERS:
            no = member in against
            self._cast(member, vote, Ballot.CHOICE_NO if no else Ballot.CHOICE_YES, "估值偏高" if no else "")
        self._require_blind(vote)
        self._require_barred(vote)
        found: committee_pb2.Vote = stub.CloseVote(service.CloseVoteRequest(name=vote.name, etag=vote.etag))
        return found

    def _committee(self, stub: Any, tier: "committee_pb2.Committee.Tier") -> str:
        listed = stub.ListCommittees(service.ListCommitteesRequest(fund=self.deal.fund, page_size=500))
        known = [each.name for each in listed.committees if each.tier == tier]
        if known:
            return str(known[0])
        kind = committee_pb2.CommitteeSeat.Kind.KIND_MEMBER
        seats = [committee_pb2.CommitteeSeat(member=each, kind=kind) for each in (*MEMBERS, TIED)]
        made = committee_pb2.Committee(fund=self.deal.fund, tier=tier, seats=seats)
        return str(stub.CreateCommittee(service.CreateCommitteeRequest(committee=made)).name)

    def _cast(self, who: str, vote: committee_pb2.Vote, choice: "Ballot.Choice", text: str = "") -> None:
        request = service.CastBallotRequest(parent=vote.name, choice=choice, text=text)
        committees.stub(self.people[who]).CastBallot(request)

    def _require_blind(self, vote: committee_pb2.Vote) -> None:
        stub = committees.stub(self.people[MEMBERS[0]])
        seen = stub.ListBallots(service.ListBallotsRequest(parent=vote.name))
        judging.demand(
            seen.hidden and {each.member for each in seen.ballots} == {MEMBERS[0]},
            "计票前看到了他人的表决票",
            "ballots of others were seen before the count",
        )

    def _require_barred(self, vote: committee_pb2.Vote) -> None:
        reason = ""
        try:
            self._cast(TIED, vote, Ballot.CHOICE_YES)
        except grpc.RpcError as error:
            reason = read_failure(error).code
        judging.demand(
            reason == "PERMISSION_DENIED", "应回避的委员投了票", "a member who has an interest was let vote"
        )
