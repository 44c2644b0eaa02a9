"""A deal (项目): the aggregate, its history, and reading the present from the history."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from services.funding.domain.deal.actions import Action, DeclineCode
from services.funding.domain.deal.evidence import Evidence
from services.funding.domain.deal.states import DealState
from services.funding.domain.deal.terms import DealTerms, examine_terms
from services.funding.domain.findings import Findings
from services.funding.domain.pipeline.hiring import ExpectedHires, HiringPlan
from services.kernel.clock import civil_date


@dataclass(frozen=True)
class Transition:
    """One step, never changed afterwards. `sequence` counts from 1 without gaps within the deal.

    `source` and `target` are the states before and after; `amount_fen` the amount decided, where one was;
    `codes` the reasons of a refusal; `returns_to` where a deal imported as parked returns to.
    """

    sequence: int
    action: Action
    source: DealState
    target: DealState
    actor: str
    at: datetime
    reason: str
    evidence: tuple[Evidence, ...] = ()
    amount_fen: int | None = None
    codes: tuple[DeclineCode, ...] = ()
    returns_to: DealState | None = None


@dataclass(eq=False)
class Deal:
    """Aggregate root: one fund and one round of one firm. Changes only by `perform`.

    `submitted_at` orders equals in a ranking; an imported deal brings its own. `owner` handles the deal.
    `approved_fen`, `signed_fen`, `paid_fen` follow from the transitions; None before the step was taken. What is
    paid later, or never (`cancelled_fen`), follows from the holding.
    `expected_hires` follows when the deal is paid, and whenever its plan is stated anew after that.
    """

    id: str
    fund_id: str
    firm_id: str
    round_name: str
    channel: str
    terms: DealTerms
    owner: str
    expert_rating: int | None
    submitted_at: datetime | None
    state: DealState
    origin: str
    reopened_from: str | None
    approved_fen: int | None
    approved_at: datetime | None
    signed_fen: int | None
    paid_fen: int | None
    version: int
    created_at: datetime
    updated_at: datetime
    transitions: list[Transition] = field(default_factory=list)
    hiring_plan: HiringPlan | None = None
    expected_hires: ExpectedHires | None = None
    cancelled_fen: int = 0


def open_deal(
    *,
    id: str,
    fund_id: str,
    firm_id: str,
    round_name: str,
    channel: str,
    terms: DealTerms,
    origin: str,
    at: datetime,
    owner: str = "",
    expert_rating: int | None = None,
    submitted_at: datetime | None = None,
    reopened_from: str | None = None,
) -> Deal:
    """A new deal in LEAD, version 1. Raises InvalidArgument with every violation at once."""
    findings = Findings()
    round_name = findings.text("round_name", round_name, most=60, required=True)
    channel = findings.text("channel", channel, most=100)
    origin = findings.text("origin", origin, most=100, required=True)
    owner = findings.text("owner", owner, most=100)
    findings.count("expert_rating", expert_rating, least=1, most=5)
    if submitted_at is not None:
        findings.not_after("submitted_at", civil_date(submitted_at), civil_date(at))
    examine_terms(terms, findings)
    findings.finish()
    return Deal(
        id=id,
        fund_id=fund_id,
        firm_id=firm_id,
        round_name=round_name,
        channel=channel,
        terms=terms,
        owner=owner,
        expert_rating=expert_rating,
        submitted_at=submitted_at,
        state=DealState.LEAD,
        origin=origin,
        reopened_from=reopened_from,
        approved_fen=None,
        approved_at=None,
        signed_fen=None,
        paid_fen=None,
        version=1,
        created_at=at,
        updated_at=at,
    )


def replay(transitions: Sequence[Transition]) -> DealState:
    """The state that the history leads to, from LEAD.

    Raises ValueError for a history that no deal can have: a gap in the sequence, a source that is not the
    target before, or a return to another state than the one left.
    """
    state, origins = DealState.LEAD, list[DealState]()
    for number, step in enumerate(transitions, start=1):
        if step.sequence != number or step.source is not state:
            raise ValueError(
                f"transition {step.sequence} from {step.source} cannot follow {number - 1} in {state}"
            )
        origins = origins_after(origins, step)
        state = step.target
    return state


def origins_of(transitions: Sequence[Transition]) -> list[DealState]:
    """Where a parked deal returns to, innermost last; empty when it is not parked."""
    origins = list[DealState]()
    for step in transitions:
        origins = origins_after(origins, step)
    return origins


def origins_after(origins: list[DealState], step: Transition) -> list[DealState]:
    """The states to return to, innermost last, after one more step. Raises ValueError for a wrong return."""
    if step.action in (Action.HOLD, Action.REQUEST_INFORMATION):
        return [*origins, step.source]
    if step.action in (Action.RESUME, Action.ANSWER_INFORMATION):
        if not origins or origins[-1] is not step.target:
            raise ValueError(
                f"transition {step.sequence} returns to {step.target}, where it did not come from"
            )
        return origins[:-1]
    return [] if step.returns_to is None else [step.returns_to]


def entered_state(deal: Deal) -> datetime:
    """When the deal came into its present state."""
    for step in reversed(deal.transitions):
        if step.source is not step.target:
            return step.at
    return deal.created_at


def paid_on(deal: Deal) -> date | None:
    """The day on which the deal was paid; of an imported one, which does not say, the day of submission."""
    paid = next((step for step in reversed(deal.transitions) if step.target is DealState.INVESTED), None)
    if paid is None:
        return None
    imported = paid.action is Action.IMPORT and deal.submitted_at is not None
    return civil_date(deal.submitted_at if imported and deal.submitted_at else paid.at)
