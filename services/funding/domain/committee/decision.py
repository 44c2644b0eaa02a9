"""Decisions of committees: never changed; a later one takes the place of an earlier one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.funding.domain.committee.committee import Tier
from services.funding.domain.committee.vote import Purpose, Result, Vote
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.states import TERMINAL, DealState
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text


class Outcome(StrEnum):
    """What was decided."""

    APPROVED = "APPROVED"
    DECLINED = "DECLINED"
    RETURNED = "RETURNED"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.APPROVED: Text("通过", "approved"),
    Outcome.DECLINED: Text("否决", "declined"),
    Outcome.RETURNED: Text("退回", "returned"),
}
STATE_OF = {Tier.INTERNAL: DealState.IC_INTERNAL, Tier.EXTERNAL: DealState.IC_EXTERNAL}
TIER_OF = {state: tier for tier, state in STATE_OF.items()}


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision. `sitting` is that of its vote, empty for a return without one; `supersedes` 0 if none."""

    number: int
    tier: Tier
    outcome: Outcome
    sitting: str
    conditions: str
    reason: str
    actor: str
    at: datetime
    supersedes: int = 0


def standing(decisions: Iterable[Decision], tier: Tier) -> Decision | None:
    """The decision of this tier whose place no later one has taken."""
    taken = tuple(each for each in decisions if each.tier is tier)
    return taken[-1] if taken else None


def next_decision(
    decisions: Sequence[Decision],
    *,
    tier: Tier,
    outcome: Outcome,
    sitting: str,
    conditions: str,
    reason: str,
    actor: str,
    at: datetime,
) -> Decision:
    """The decision after these; it takes the place of the standing one of its tier."""
    before = standing(decisions, tier)
    return Decision(
        number=len(decisions) + 1,
        tier=tier,
        outcome=outcome,
        sitting=sitting,
        conditions=conditions,
        reason=reason,
        actor=actor,
        at=at,
        supersedes=before.number if before else 0,
    )


def require_correctable(deal: Deal, decisions: Sequence[Decision], tier: Tier) -> Decision:
    """The approval of this tier that can still be corrected. Raises FailedPrecondition otherwise."""
    if deal.state in TERMINAL:
        raise FailedPrecondition(
            Text(
                f"项目{deal.state.label.zh}，决策不能再更正",
                f"the deal is {deal.state.label.en}: its decisions stand for ever",
            ),
            reason="DECISION_FINAL",
        )
    found = standing(decisions, tier)
    if found is None or found.outcome is not Outcome.APPROVED:
        raise FailedPrecondition(
            Text(f"没有可更正的{tier.label.zh}通过决定", f"no approval of the {tier.label.en} to correct"),
            reason="NOTHING_TO_CORRECT",
        )
    return found


def require_carried(vote: Vote, purpose: Purpose) -> None:
    """Raise FailedPrecondition unless the vote is closed, for this purpose, and carried."""
    if vote.tally is None:
        raise FailedPrecondition(Text("表决尚未结束", "the vote is not closed"), reason="VOTE_OPEN")
    if vote.purpose is not purpose:
        raise FailedPrecondition(
            Text("该次表决不是为此目的", "the vote was taken on something else"), reason="OTHER_PURPOSE"
        )
    if vote.tally.result is not Result.CARRIED:
        raise FailedPrecondition(
            Text(f"表决{vote.tally.result.label.zh}", f"the vote is {vote.tally.result.label.en}"),
            reason="VOTE_NOT_CARRIED",
        )
