"""The states of a nomination and the steps between them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.kernel.text import Text


class NominationState(StrEnum):
    """Where a nomination stands."""

    NOMINATED = "NOMINATED"
    ELIGIBLE = "ELIGIBLE"
    INELIGIBLE = "INELIGIBLE"
    REVIEWED = "REVIEWED"
    AWARDED = "AWARDED"
    DECLINED = "DECLINED"
    FUNDED = "FUNDED"
    FOLLOWED_UP = "FOLLOWED_UP"
    WITHDRAWN = "WITHDRAWN"

    @property
    def label(self) -> Text:
        """As the screens show it."""
        return _STATES[self]

    @property
    def open(self) -> bool:
        """Whether it is still to be decided."""
        return self in (NominationState.NOMINATED, NominationState.ELIGIBLE, NominationState.REVIEWED)

    @property
    def holds_award(self) -> bool:
        """Whether it ended in an award."""
        return self in (NominationState.AWARDED, NominationState.FUNDED, NominationState.FOLLOWED_UP)


class StepKind(StrEnum):
    """What was done to a nomination."""

    NOMINATE = "NOMINATE"
    CHECK = "CHECK"
    DECLARE_CONFLICT = "DECLARE_CONFLICT"
    REVIEW = "REVIEW"
    DECIDE = "DECIDE"
    FUND = "FUND"
    FOLLOW_UP = "FOLLOW_UP"
    WITHDRAW = "WITHDRAW"

    @property
    def label(self) -> Text:
        """As the screens show it."""
        return _KINDS[self]


class FollowUp(StrEnum):
    """What became of somebody who was awarded."""

    IN_POST = "IN_POST"
    MOVED = "MOVED"
    LEFT_PROVINCE = "LEFT_PROVINCE"


_STATES = {
    NominationState.NOMINATED: Text("已申报", "nominated"),
    NominationState.ELIGIBLE: Text("资格通过", "eligible"),
    NominationState.INELIGIBLE: Text("资格未通过", "not eligible"),
    NominationState.REVIEWED: Text("已评审", "reviewed"),
    NominationState.AWARDED: Text("入选", "awarded"),
    NominationState.DECLINED: Text("未入选", "declined"),
    NominationState.FUNDED: Text("已拨付", "funded"),
    NominationState.FOLLOWED_UP: Text("跟踪中", "followed up"),
    NominationState.WITHDRAWN: Text("已撤回", "withdrawn"),
}
_KINDS = {
    StepKind.NOMINATE: Text("申报", "nominated"),
    StepKind.CHECK: Text("资格审查", "checked for eligibility"),
    StepKind.DECLARE_CONFLICT: Text("声明利益冲突", "conflict of interest declared"),
    StepKind.REVIEW: Text("评审", "reviewed"),
    StepKind.DECIDE: Text("审定", "decided"),
    StepKind.FUND: Text("拨付", "funded"),
    StepKind.FOLLOW_UP: Text("跟踪", "followed up"),
    StepKind.WITHDRAW: Text("撤回", "withdrawn"),
}
FROM = {
    StepKind.CHECK: (NominationState.NOMINATED,),
    StepKind.DECLARE_CONFLICT: (
        NominationState.NOMINATED,
        NominationState.ELIGIBLE,
        NominationState.REVIEWED,
    ),
    StepKind.REVIEW: (NominationState.ELIGIBLE, NominationState.REVIEWED),
    StepKind.DECIDE: (NominationState.REVIEWED,),
    StepKind.FUND: (NominationState.AWARDED, NominationState.FUNDED),
    StepKind.FOLLOW_UP: (NominationState.FUNDED, NominationState.FOLLOWED_UP),
    StepKind.WITHDRAW: (NominationState.NOMINATED, NominationState.ELIGIBLE, NominationState.REVIEWED),
}
"""The states from which each step may be taken."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition of a programme: the clause that states it, and whether it is met."""

    clause: str
    met: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What a step says besides its kind; what does not belong to the kind is empty. `amount_fen` in fen.
    `another`: a payment that was said to be no repetition of an equal one.
    """

    note: str = ""
    document: str = ""
    unit: str = ""
    clauses: tuple[Clause, ...] = ()
    approves: bool | None = None
    amount_fen: int = 0
    day: date | None = None
    follow_up: FollowUp | None = None
    another: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step as it was taken. Steps of a nomination are numbered from 1."""

    number: int
    kind: StepKind
    before: NominationState | None
    after: NominationState
    actor: str
    at: datetime
    detail: Detail
