"""Blind votes: ballots are taken while a vote is open, counted once when it closes, and never changed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.funding.domain.committee.committee import Seat, SeatKind, Tier, seat_of, voters
from services.funding.domain.committee.rule import VotingRule
from services.funding.domain.deal import recusal
from services.funding.domain.findings import Findings
from services.kernel.errors import AlreadyExists, FailedPrecondition, InvalidArgument, PermissionDenied
from services.kernel.text import Text


class Choice(StrEnum):
    """What a ballot says. An abstention is not in favour."""

    YES = "YES"
    NO = "NO"
    ABSTAIN = "ABSTAIN"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _CHOICES[self]


_CHOICES = {
    Choice.YES: Text("同意", "in favour"),
    Choice.NO: Text("反对", "against"),
    Choice.ABSTAIN: Text("弃权", "abstention"),
}


class Purpose(StrEnum):
    """What a vote decides."""

    DECISION = "DECISION"
    CORRECTION = "CORRECTION"


class Result(StrEnum):
    """How a vote ended."""

    CARRIED = "CARRIED"
    NOT_CARRIED = "NOT_CARRIED"
    NO_QUORUM = "NO_QUORUM"
    VETOED = "VETOED"

    @property
    def label(self) -> Text:
        """The words for it."""
        return _RESULTS[self]


_RESULTS = {
    Result.CARRIED: Text("通过", "carried"),
    Result.NOT_CARRIED: Text("未通过", "not carried"),
    Result.NO_QUORUM: Text("未达法定人数", "no quorum"),
    Result.VETOED: Text("合规一票否决", "vetoed on compliance"),
}


class Bar(StrEnum):
    """Why a member may not vote on a deal."""

    INTEREST = "INTEREST"
    PROPOSER = "PROPOSER"


@dataclass(frozen=True)
class Recusal:
    """A member who may not vote on the deal, and why."""

    member: str
    bar: Bar


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """One member's vote. `salt` keeps its place in a published chain from being guessed."""

    member: str
    choice: Choice
    text: str
    at: datetime
    salt: str

    def same(self, other: "Ballot") -> bool:
        """Whether both say the same."""
        return (self.member, self.choice, self.text) == (other.member, other.choice, other.text)


@dataclass(frozen=True, kw_only=True)
class Veto:
    """An observer's veto on grounds of one compliance check."""

    member: str
    check: str
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The count, fixed at closing."""

    yes: int
    no: int
    abstain: int
    result: Result


@dataclass(eq=False)
class Vote:
    """Aggregate root: one deal at one sitting. `seats` and `recusals` are those of the opening."""

    sitting_id: str
    deal_id: str
    tier: Tier
    purpose: Purpose
    rule: VotingRule
    seats: tuple[Seat, ...]
    recusals: tuple[Recusal, ...]
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str | None
    tally: Tally | None
    version: int

    @property
    def name(self) -> str:
        """Its resource name."""
        return f"sittings/{self.sitting_id}/votes/{self.deal_id}"

    @property
    def eligible(self) -> frozenset[str]:
        """Members who may vote: recusals make the denominator smaller."""
        return voters(self.seats) - {recusal.member for recusal in self.recusals}

    def admit(self, ballot: Ballot, cast: Ballot | None) -> bool:
        """Whether the ballot is new; `cast` is what the member has cast before.

        Raises PermissionDenied for who may not vote, FailedPrecondition once it is closed, AlreadyExists for
        another ballot than the one cast, InvalidArgument for a dissent without a text.
        """
        self._require_voter(ballot.member)
        if cast is not None and ballot.same(cast):
            return False
        self.require_open()
        if cast is not None:
            raise AlreadyExists(
                Text("已投票，表决票不能更改", "a ballot was cast, and ballots are never changed"),
                reason="BALLOT_CAST",
                metadata={"resource": f"{self.name}/ballots/{ballot.member}"},
            )
        if ballot.choice is Choice.NO and not ballot.text:
            raise InvalidArgument.field(
                "text", "DISSENT_NEEDS_TEXT", "投反对票须写明理由", "a vote against needs a text"
            )
        return True

    def admit_veto(self, veto: Veto, known_checks: Iterable[str]) -> None:
        """Raise PermissionDenied without an observer's seat, FailedPrecondition once the vote is closed,
        InvalidArgument unless the veto rests on a compliance check.
        """
        if seat_of(self.seats, veto.member, SeatKind.OBSERVER) is None:
            raise PermissionDenied(
                Text("只有本次会议的观察员可以行使合规否决", "only observers of this sitting may veto"),
                reason="NOT_AN_OBSERVER",
            )
        self.require_open()
        known = sorted(known_checks)
        if veto.check not in known:
            raise InvalidArgument.field(
                "check_code",
                "NOT_A_COMPLIANCE_CHECK",
                f"否决只能基于合规检查项，可用：{'、'.join(known)}",
                f"a veto rests on a compliance check: {', '.join(known)}",
            )

    def close(self, ballots: Iterable[Ballot], vetoed: bool, *, by: str, at: datetime) -> Tally:
        """Count. Raises FailedPrecondition if it is closed."""
        self.require_open()
        counts = Counter(ballot.choice for ballot in ballots if ballot.member in self.eligible)
        self.tally = Tally(
            yes=counts[Choice.YES],
            no=counts[Choice.NO],
            abstain=counts[Choice.ABSTAIN],
            result=self._result(counts, vetoed),
        )
        self.closed_at, self.closed_by = at, by
        self.version += 1
        return self.tally

    def require_open(self) -> None:
        """Raise FailedPrecondition (VOTE_CLOSED) once it is closed."""
        if self.tally is not None:
            raise FailedPrecondition(
                Text("表决已结束，结果不可更改", "the vote is closed and its result stands"),
                reason="VOTE_CLOSED",
                metadata={"resource": self.name},
            )

    def _result(self, counts: Counter[Choice], vetoed: bool) -> Result:
        if vetoed:
            return Result.VETOED
        eligible = len(self.eligible)
        if counts.total() < self.rule.quorum_of(eligible):
            return Result.NO_QUORUM
        carried = counts[Choice.YES] >= self.rule.majority_of(eligible)
        return Result.CARRIED if carried else Result.NOT_CARRIED

    def _require_voter(self, member: str) -> None:
        if seat_of(self.seats, member, SeatKind.MEMBER) is None:
            raise PermissionDenied(
                Text("不是本次会议有表决权的委员", "not a voting member of this sitting"),
                reason="NOT_A_MEMBER",
            )
        bar = next((each.bar for each in self.recusals if each.member == member), None)
        if bar is Bar.PROPOSER:
            raise PermissionDenied(
                Text("项目提出人不得表决", "who proposed the deal may not vote on it"), reason="FOUR_EYES"
            )
        if bar is Bar.INTEREST:
            raise recusal.refusal()


def examine_text(field: str, text: str, *, required: bool = False) -> str:
    """A text of a ballot, veto or decision, normalised. Raises InvalidArgument."""
    findings = Findings()
    text = findings.text(field, text, most=2000, required=required)
    findings.finish()
    return text
