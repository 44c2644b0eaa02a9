"""What the matcher reports of a quarter: how far the proposals that were put forward in it have come (对接成效)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.matcher.domain.proposal import ProposalState, Refusal

VERSION = "matcher-return-1"
_STAGES: Mapping[str, frozenset[ProposalState]] = {
    "viewed": frozenset(
        {ProposalState.VIEWED, ProposalState.ACCEPTED, ProposalState.CONTACTED, ProposalState.DONE}
    ),
    "accepted": frozenset({ProposalState.ACCEPTED, ProposalState.CONTACTED, ProposalState.DONE}),
    "contacted": frozenset({ProposalState.CONTACTED}),
    "done": frozenset({ProposalState.DONE}),
    "rejected": frozenset({ProposalState.REJECTED}),
    "withdrawn": frozenset({ProposalState.WITHDRAWN}),
}
"""A proposal has come to a stage once it was in one of these states."""


@dataclass(frozen=True, slots=True)
class Course:
    """A proposal: its kind, the states it was in, the parts of its score in log-odds, and why it was refused."""

    kind: str
    states: frozenset[ProposalState]
    parts: Mapping[str, float]
    reason: Refusal | None


def figures(courses: Iterable[Course]) -> dict[tuple[str, str], int]:
    """Proposals by stage and kind, `proposed` among the stages; by stage and what spoke for them most
    (`reason_proposed`, `reason_accepted`, `reason_done`); and refusals by reason.
    """
    found: Counter[tuple[str, str]] = Counter()
    for each in courses:
        stages = ["proposed", *(stage for stage, states in _STAGES.items() if states & each.states)]
        found.update((stage, each.kind) for stage in stages)
        strongest = foremost(each.parts)
        found.update(
            (f"reason_{stage}", strongest) for stage in stages if stage in ("proposed", "accepted", "done")
        )
        if ProposalState.REJECTED in each.states and each.reason is not None:
            found["refused", each.reason.value] += 1
    return dict(found)


def foremost(parts: Mapping[str, float]) -> str:
    """The part that spoke for a pair most; `none` if none did. Of equal ones the first by name."""
    speaking = sorted((-value, name) for name, value in parts.items() if value > 0)
    return speaking[0][1] if speaking else "none"
