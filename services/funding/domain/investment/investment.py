"""A holding: the aggregate, its history, and what the history adds up to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from services.funding.domain.deal.evidence import Evidence
from services.funding.domain.investment.actions import FIRST_HAND, InvestmentAction
from services.funding.domain.investment.marks import Mark
from services.funding.domain.investment.states import ExitKind, InvestmentState
from services.funding.domain.investment.tranches import Tranche, TrancheState, TrancheTerms
from services.kernel.clock import civil_date


@dataclass(frozen=True)
class InvestmentStep:
    """One step, never changed afterwards. `sequence` counts from 1 without gaps within the holding.

    `fen`: what was paid, cancelled, received or written off; `cost_fen`: the cost of what was sold.
    """

    sequence: int
    action: InvestmentAction
    source: InvestmentState | None
    target: InvestmentState
    actor: str
    at: datetime
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    tranche: int | None = None
    fen: int | None = None
    cost_fen: int | None = None
    exit_kind: ExitKind | None = None
    mark: Mark | None = None
    terms: TrancheTerms | None = None


@dataclass(frozen=True)
class Standing:
    """What a history adds up to, in fen. `value_fen`: what is held at its newest mark, else at cost; `returned_fen`:
    what came back of the cost sold, gains left out.

    What was paid after the day of the mark counts with its cost; what was sold or written off after it takes its
    part of the mark with it.
    """

    paid_fen: int = 0
    cancelled_fen: int = 0
    cost_fen: int = 0
    proceeds_fen: int = 0
    gain_fen: int = 0
    written_off_fen: int = 0
    value_fen: int = 0
    marked: date | None = None
    returned_fen: int = 0


@dataclass(eq=False)
class Investment:
    """Aggregate root, under the id of its deal. Changes only by `perform`; the figures follow from the steps.

    At all times signed = paid + unpaid + cancelled, and paid = cost + cost sold + cost written off.
    """

    id: str
    fund_id: str
    firm_id: str
    round_name: str
    origin: str
    state: InvestmentState
    closed: date
    tranches: tuple[Tranche, ...]
    signed_fen: int
    paid_fen: int
    unpaid_fen: int
    cost_fen: int
    proceeds_fen: int
    gain_fen: int
    written_off_fen: int
    value_fen: int
    marked: date | None
    version: int
    created_at: datetime
    updated_at: datetime
    steps: list[InvestmentStep] = field(default_factory=list)

    def tranche(self, number: int | None) -> Tranche | None:
        """The tranche of this number."""
        return next((each for each in self.tranches if each.number == number), None)


def open_investment(
    *,
    id: str,
    fund_id: str,
    firm_id: str,
    round_name: str,
    origin: str,
    closed: date,
    tranches: tuple[Tranche, ...],
    actor: str,
    at: datetime,
) -> Investment:
    """A holding in ACTIVE, version 1, with its first tranche paid."""
    first = InvestmentStep(
        sequence=1,
        action=InvestmentAction.OPEN,
        source=None,
        target=InvestmentState.ACTIVE,
        actor=actor,
        at=at,
        tranche=1,
        fen=tranches[0].fen,
    )
    made = Investment(
        id=id,
        fund_id=fund_id,
        firm_id=firm_id,
        round_name=round_name,
        origin=origin,
        state=InvestmentState.ACTIVE,
        closed=closed,
        tranches=tranches,
        signed_fen=sum(each.fen for each in tranches),
        paid_fen=0,
        unpaid_fen=0,
        cost_fen=0,
        proceeds_fen=0,
        gain_fen=0,
        written_off_fen=0,
        value_fen=0,
        marked=None,
        version=1,
        created_at=at,
        updated_at=at,
        steps=[first],
    )
    settle(made)
    return made


def settle(investment: Investment) -> None:
    """Write anew the state and the figures that the steps lead to."""
    standing = replay(investment.steps)
    investment.state = investment.steps[-1].target
    investment.paid_fen = standing.paid_fen
    investment.unpaid_fen = investment.signed_fen - standing.paid_fen - standing.cancelled_fen
    investment.cost_fen = standing.cost_fen
    investment.proceeds_fen = standing.proceeds_fen
    investment.gain_fen = standing.gain_fen
    investment.written_off_fen = standing.written_off_fen
    investment.value_fen = standing.value_fen
    investment.marked = standing.marked


def replay(steps: Sequence[InvestmentStep]) -> Standing:
    """What a history adds up to. Raises ValueError for a gap, or a source that is not the target before."""
    paid = cancelled = cost = proceeds = gain = written_off = returned = 0
    costs, state = [0], None
    for number, step in enumerate(steps, start=1):
        if step.sequence != number or step.source is not state:
            raise ValueError(f"step {step.sequence} from {step.source} cannot follow {number - 1} in {state}")
        state, moved = step.target, step.fen or 0
        if step.action in (InvestmentAction.OPEN, InvestmentAction.PAY_TRANCHE):
            paid, cost = paid + moved, cost + moved
        elif step.action is InvestmentAction.CANCEL_TRANCHE:
            cancelled += moved
        elif step.action is InvestmentAction.RECORD_EXIT:
            sold = step.cost_fen or 0
            proceeds, gain, cost = proceeds + moved, gain + moved - sold, cost - sold
            returned += min(moved, sold)
        elif step.action is InvestmentAction.WRITE_OFF:
            written_off, cost = written_off + moved, cost - moved
        costs.append(cost)
    newest = _newest_mark(steps)
    value = cost if newest is None else _value(steps, newest, costs)
    marked = newest.mark.as_of if newest is not None and newest.mark is not None else None
    return Standing(paid, cancelled, cost, proceeds, gain, written_off, value, marked, returned)


def tranche_states(investment: Investment) -> dict[int, tuple[TrancheState, str]]:
    """Where each tranche stands, and who prepared it, by number."""
    found = {each.number: (TrancheState.PENDING, "") for each in investment.tranches}
    reached = {
        InvestmentAction.OPEN: TrancheState.PAID,
        InvestmentAction.PREPARE_TRANCHE: TrancheState.PREPARED,
        InvestmentAction.AMEND_TRANCHE: TrancheState.PENDING,
        InvestmentAction.PAY_TRANCHE: TrancheState.PAID,
        InvestmentAction.CANCEL_TRANCHE: TrancheState.CANCELLED,
    }
    for step in investment.steps:
        if step.tranche is not None and step.action in reached:
            preparer = found[step.tranche][1]
            if step.action is InvestmentAction.PREPARE_TRANCHE:
                preparer = step.actor
            elif step.action is InvestmentAction.AMEND_TRANCHE:
                preparer = ""
            found[step.tranche] = reached[step.action], preparer
    return found


def first_hand(
    investment: Investment, action: InvestmentAction, tranche: int | None
) -> InvestmentStep | None:
    """The step by which somebody prepared `action` and that it has not yet used up; None if there is none.

    What was prepared before the holding came into its present state, or before the tranche was amended, holds no
    longer.
    """
    preparing = FIRST_HAND[action]
    ending = (action, InvestmentAction.AMEND_TRANCHE)
    for step in reversed(investment.steps):
        if step.tranche == tranche and step.action is preparing:
            return step
        if step.source is not step.target or (step.tranche == tranche and step.action in ending):
            return None
    return None


def left_from(investment: Investment) -> InvestmentState:
    """The state from which the holding came into its present one."""
    for step in reversed(investment.steps):
        if step.source is not None and step.source is not step.target:
            return step.source
    return investment.state


def _newest_mark(steps: Sequence[InvestmentStep]) -> InvestmentStep | None:
    marked = [(each.mark.as_of, each.sequence, each) for each in steps if each.mark is not None]
    return max(marked, key=lambda each: each[:2])[2] if marked else None


def _value(steps: Sequence[InvestmentStep], newest: InvestmentStep, costs: Sequence[int]) -> int:
    if newest.mark is None:
        return costs[-1]
    value, day = newest.mark.fen, newest.mark.as_of
    for step in steps:
        before, after = costs[step.sequence - 1], costs[step.sequence]
        moved_on = civil_date(step.at)
        if moved_on > day or (moved_on == day and step.sequence > newest.sequence):
            value = value + after - before if after >= before else value * after // before
    return value
