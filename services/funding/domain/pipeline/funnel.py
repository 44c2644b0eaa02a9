"""How far the deals of a cohort came: counted by what they ever reached, not by where they stand now."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from services.funding.domain.deal.actions import Action, DeclineCode
from services.funding.domain.deal.deal import Transition
from services.funding.domain.deal.states import PIPELINE, TERMINAL, DealState

STEPS = (*PIPELINE[1:], DealState.INVESTED)
_SECONDS_OF_DAY = 86_400


@dataclass(frozen=True)
class Path:
    """One deal of the cohort: when it was submitted, its steps, what it asked and where it stands."""

    submitted_at: datetime
    state: DealState
    ask_fen: int
    transitions: Sequence[Transition]


@dataclass(frozen=True)
class Reached:
    """How many deals reached a state, what these asked in fen, and how long that took at the median, in days."""

    state: DealState
    deals: int
    ask_fen: int
    median_days: float | None


@dataclass(frozen=True)
class Funnel:
    """The cohort as a whole."""

    steps: tuple[Reached, ...]
    declined: Counter[DeclineCode]
    withdrawn: int
    lapsed: int
    open: int


def funnel(paths: Iterable[Path]) -> Funnel:
    """The funnel of a cohort. A deal that reached a state has passed all before it, imported ones too."""
    listed = list(paths)
    steps = tuple(_reached(state, listed) for state in STEPS)
    declined: Counter[DeclineCode] = Counter()
    for path in listed:
        if path.state is DealState.DECLINED:
            codes = [code for step in path.transitions[-1:] for code in step.codes]
            declined.update(codes or [DeclineCode.OTHER])
    states = Counter(path.state for path in listed)
    ended = sum(count for state, count in states.items() if state in TERMINAL)
    return Funnel(steps, declined, states[DealState.WITHDRAWN], states[DealState.LAPSED], len(listed) - ended)


def _reached(state: DealState, paths: Sequence[Path]) -> Reached:
    place = STEPS.index(state)
    there = [path for path in paths if _furthest(path) >= place]
    days = [
        (at - path.submitted_at).total_seconds() / _SECONDS_OF_DAY
        for path in there
        if (at := _first(path, place)) is not None
    ]
    return Reached(
        state, len(there), sum(path.ask_fen for path in there), max(0.0, median(days)) if days else None
    )


def _furthest(path: Path) -> int:
    reached = [STEPS.index(each) for each in _states(path) if each in STEPS]
    return max(reached, default=0)


def _first(path: Path, place: int) -> datetime | None:
    """When the state was reached; an imported step does not tell."""
    for each in path.transitions:
        if each.target in STEPS and STEPS.index(each.target) >= place:
            return None if each.action is Action.IMPORT else each.at
    return None


def _states(path: Path) -> list[DealState]:
    passed = [state for each in path.transitions for state in (each.source, each.target)]
    return [path.state, *passed, *(each.returns_to for each in path.transitions if each.returns_to)]
