"""The people who decide on a deal, as tests seat them: a team, two committees, and their votes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import grpc

from bole.funding.v1 import (
    committee_pb2,
    committee_service_pb2,
    committee_service_pb2_grpc,
    compliance_pb2,
    compliance_service_pb2,
    compliance_service_pb2_grpc,
    deal_pb2,
    deal_service_pb2,
    deal_service_pb2_grpc,
    interest_pb2,
    interest_service_pb2,
    interest_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from services.chassis.rpc.wire import date_to_wire, instant_to_wire
from services.kernel.clock import civil_date
from tests.contract.installation import Installation

TEAM = ("team-wang", "team-li")
MEMBERS = ("ic-1", "ic-2", "ic-3", "ic-4", "ic-5")
OBSERVER = "city-observer"
SECRETARY = "the-committee_secretary"
Ballot = committee_pb2.Ballot
Tier = committee_pb2.Committee.Tier
NONE = interest_pb2.INTEREST_KIND_NONE


@dataclass
class Board:
    """Channels signed in as everybody."""

    channels: dict[str, grpc.Channel]
    sign_in: Callable[[str], grpc.Channel]

    def newcomers(self, count: int) -> list[str]:
        """So many members whom no test has met."""
        found = [f"ic-{uuid4().hex[:8]}" for _ in range(count)]
        self.channels.update((who, self.sign_in(who)) for who in found)
        return found

    def committees(self, who: str) -> Any:
        return committee_service_pb2_grpc.CommitteeServiceStub(self.channels[who])

    def interests(self, who: str) -> Any:
        return interest_service_pb2_grpc.InterestServiceStub(self.channels[who])

    def deals(self, who: str) -> Any:
        return deal_service_pb2_grpc.DealServiceStub(self.channels[who])

    def team_up(self, deal: deal_pb2.Deal, team: Sequence[str] = TEAM) -> deal_pb2.Deal:
        """Give the deal its team, who declare."""
        request = deal_service_pb2.SetDealPartiesRequest(
            name=deal.name, etag=deal.etag, parties=deal_pb2.DealParties(team=team)
        )
        found: deal_pb2.Deal = self.deals("manager").SetDealParties(request)
        for member in team:
            self.declare(member, deal)
        self.waive(deal, "IP_OWNERSHIP_UNCLEAR")
        return found

    def waive(self, deal: deal_pb2.Deal, code: str) -> None:
        """The committee accepts a breach, or what could not be looked up, for a month."""
        waiver = compliance_pb2.Waiver(
            code=code,
            document="投委会纪要〔2026〕3号",
            reason="权属证明下月出具",
            until_date=date_to_wire(civil_date(datetime.now(UTC)) + timedelta(days=30)),
        )
        stub = compliance_service_pb2_grpc.ComplianceServiceStub(self.channels[SECRETARY])
        stub.GrantWaiver(compliance_service_pb2.GrantWaiverRequest(parent=deal.name, waiver=waiver))

    def declare(self, who: str, deal: deal_pb2.Deal, *kinds: Any, text: str = "") -> Any:
        request = interest_service_pb2.DeclareInterestRequest(
            parent=deal.name, kinds=kinds or [NONE], text=text
        )
        return self.interests(who).DeclareInterest(request)

    def committee(self, fund: str, tier: Any) -> committee_pb2.Committee:
        """The committee of the fund, set up at first."""
        stub = self.committees(SECRETARY)
        listed = stub.ListCommittees(committee_service_pb2.ListCommitteesRequest(fund=fund))
        for each in listed.committees:
            if each.tier == tier:
                return each
        kind = committee_pb2.CommitteeSeat.Kind
        seats = [
            committee_pb2.CommitteeSeat(member=each, display_name="委员", kind=kind.KIND_MEMBER)
            for each in MEMBERS
        ]
        if tier == Tier.TIER_EXTERNAL:
            seats.append(committee_pb2.CommitteeSeat(member=OBSERVER, kind=kind.KIND_OBSERVER))
        made = committee_pb2.Committee(fund=fund, tier=tier, seats=seats)
        return stub.CreateCommittee(committee_service_pb2.CreateCommitteeRequest(committee=made))

    def sitting(self, deal: deal_pb2.Deal, tier: Any, members: Sequence[str] = ()) -> committee_pb2.Sitting:
        """A sitting with this deal on its agenda, of the committee's members or of these."""
        kind = committee_pb2.CommitteeSeat.Kind.KIND_MEMBER
        sitting = committee_pb2.Sitting(
            committee=self.committee(deal.fund, tier).name,
            sit_time=instant_to_wire(datetime.now(UTC) + timedelta(hours=1)),
            deals=[deal.name],
            seats=[committee_pb2.CommitteeSeat(member=each, kind=kind) for each in members],
        )
        request = committee_service_pb2.CreateSittingRequest(sitting=sitting)
        found: committee_pb2.Sitting = self.committees(SECRETARY).CreateSitting(request)
        return found

    def open(
        self, sitting: committee_pb2.Sitting, deal: deal_pb2.Deal, purpose: Any = 0
    ) -> committee_pb2.Vote:
        request = committee_service_pb2.OpenVoteRequest(parent=sitting.name, deal=deal.name, purpose=purpose)
        found: committee_pb2.Vote = self.committees(SECRETARY).OpenVote(request)
        return found

    def cast(
        self, who: str, vote: committee_pb2.Vote, choice: Any = Ballot.CHOICE_YES, text: str = ""
    ) -> Any:
        request = committee_service_pb2.CastBallotRequest(parent=vote.name, choice=choice, text=text)
        return self.committees(who).CastBallot(request)

    def close(self, vote: committee_pb2.Vote) -> committee_pb2.Vote:
        request = committee_service_pb2.CloseVoteRequest(name=vote.name, etag=vote.etag)
        found: committee_pb2.Vote = self.committees(SECRETARY).CloseVote(request)
        return found

    def vote(
        self, deal: deal_pb2.Deal, tier: Any, *, against: int = 0, purpose: Any = 0
    ) -> committee_pb2.Vote:
        """A whole vote: members declare and cast, the first `against` of them against it."""
        for member in MEMBERS:
            self.declare(member, deal)
        vote = self.open(self.sitting(deal, tier), deal, purpose)
        for number, member in enumerate(MEMBERS):
            no = number < against
            self.cast(member, vote, Ballot.CHOICE_NO if no else Ballot.CHOICE_YES, "风险过高" if no else "")
        return self.close(vote)


@contextmanager
def seated(whole: Installation) -> Iterator[Board]:
    """A board whose manager and analysts are nobody else of the tests."""
    with ExitStack() as stack:

        def sign_in(who: str, *grants: Grant, purpose: str | None = None) -> grpc.Channel:
            opened = whole.channel("funding", *grants, subject=who, purpose=purpose)
            return stack.enter_context(opened)

        def member(who: str) -> grpc.Channel:
            grant = Grant("committee_member", purposes=frozenset({"due-diligence"}))
            return sign_in(who, grant, purpose="due-diligence")

        members = {who: member(who) for who in (*MEMBERS, OBSERVER)}
        secretary = Grant("committee_secretary", purposes=frozenset({"due-diligence"}))
        yield Board(
            {
                **members,
                **{who: sign_in(who, Grant("fund_analyst")) for who in TEAM},
                "manager": sign_in("board-manager", Grant("fund_manager")),
                "auditor": sign_in("board-auditor", Grant("auditor")),
                SECRETARY: sign_in(SECRETARY, secretary, purpose="due-diligence"),
            },
            member,
        )
