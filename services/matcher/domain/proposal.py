"""A proposal (推荐): a pair that somebody put forward, and the steps it takes. People decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.kernel.text import Text
from services.wording.codes import PROPOSAL_STATES

SYSTEM = "system"


class ProposalState(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "PROPOSED"
    VIEWED = "VIEWED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    CONTACTED = "CONTACTED"
    DONE = "DONE"
    WITHDRAWN = "WITHDRAWN"


class Refusal(StrEnum):
    """Why a proposal was refused or taken back."""

    SKILLS = "SKILLS"
    LEVEL = "LEVEL"
    CITY = "CITY"
    TERMS = "TERMS"
    TIMING = "TIMING"
    NOT_INTERESTED = "NOT_INTERESTED"
    OTHER_CHOSEN = "OTHER_CHOSEN"
    NOT_ADMITTED = "NOT_ADMITTED"
    OTHER = "OTHER"


_S = ProposalState
NEXT: Mapping[ProposalState, tuple[ProposalState, ...]] = {
    _S.PROPOSED: (_S.VIEWED, _S.ACCEPTED, _S.REJECTED, _S.WITHDRAWN),
    _S.VIEWED: (_S.ACCEPTED, _S.REJECTED, _S.WITHDRAWN),
    _S.ACCEPTED: (_S.CONTACTED, _S.DONE, _S.REJECTED, _S.WITHDRAWN),
    _S.CONTACTED: (_S.DONE, _S.REJECTED, _S.WITHDRAWN),
    _S.REJECTED: (),
    _S.DONE: (),
    _S.WITHDRAWN: (),
}
LIVE = tuple(state for state, following in NEXT.items() if following)
UNDECIDED = (_S.PROPOSED, _S.VIEWED)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: where it led, who took it, when, and why. `note` is in somebody's words."""

    state: ProposalState
    actor: str
    at: datetime
    reason: Refusal | None = None
    note: str = ""


class Shown(NamedTuple):
    """Where a candidate stood in a list that somebody saw: its place through all pages and its page, both from 1; None
    where that is not known.
    """

    rank: int | None = None
    page: int | None = None

    @classmethod
    def of(cls, rank: int, page: int) -> "Shown":
        """As it is told, 0 for what is not known. Raises InvalidArgument (PLACE_NOT_POSSIBLE): a page holds a place."""
        if page > rank:
            raise InvalidArgument.field(
                "proposal.shown_page",
                "PLACE_NOT_POSSIBLE",
                "页次不得大于所在位置",
                "the page must not be above the place",
            )
        return cls(rank or None, page or None)


UNSEEN = Shown()


@dataclass(eq=False)
class Proposal:
    """Aggregate root. `anchor` and `candidate` are resource names.

    `parts` are the contributions to the score when it was put forward, in log-odds; `features`
    the same facts before they were weighed. `feedback_id` names what is
    left to learn from, and stands nowhere else. `viewed` stays true once it was looked at: only then does a
    silence say anything about the pair. `calibrated`: whether the probability was calibrated on outcomes, None where
    that was not kept. `shown_rank` and `shown_page`: where the candidate stood in the list that
    the proposer saw.
    """

    id: str
    kind: str
    anchor: str
    candidate: str
    state: ProposalState
    reason: Refusal | None
    proposer: str
    log_odds: float
    probability: float
    rank: int
    parts: Mapping[str, float]
    features: Mapping[str, float]
    model: str
    viewed: bool
    feedback_id: str
    origin: str
    version: int
    created_at: datetime
    updated_at: datetime
    shown_rank: int | None = None
    shown_page: int | None = None
    calibrated: bool | None = None

    def step(self, step: Step) -> None:
        """Take a step.

        Raises FailedPrecondition (STEP_NOT_POSSIBLE), InvalidArgument (REASON_MISSING, NOTE_MISSING).
        """
        if step.state not in NEXT[self.state]:
            raise _not_possible(self.state, step.state)
        if step.state is ProposalState.REJECTED and step.reason is None:
            raise InvalidArgument.field(
                "reason", "REASON_MISSING", "拒绝时请说明原因", "say why it is refused"
            )
        if step.reason is Refusal.OTHER and not step.note.strip():
            raise InvalidArgument.field(
                "note", "NOTE_MISSING", "原因为“其他”时请具体说明", "say in the note what the other reason is"
            )
        self.state, self.reason = step.state, step.reason
        self.viewed = self.viewed or step.state is not ProposalState.WITHDRAWN
        self.version += 1
        self.updated_at = step.at


def _not_possible(now: ProposalState, wanted: ProposalState) -> FailedPrecondition:
    words = [PROPOSAL_STATES[each] for each in NEXT[now]]
    zh, en = "、".join(each.zh for each in words), ", ".join(each.en for each in words)
    is_, becomes = PROPOSAL_STATES[now], PROPOSAL_STATES[wanted]
    return FailedPrecondition(
        Text(
            f"推荐的状态为“{is_.zh}”，不能改为“{becomes.zh}”；" + (f"可以改为：{zh}" if zh else "推荐已结束"),
            f"the proposal is {is_.en} and cannot become {becomes.en}; "
            + (f"it may become {en}" if en else "it has ended"),
        ),
        reason="STEP_NOT_POSSIBLE",
        metadata={"possibleStates": ",".join(NEXT[now])},
    )
