"""What the matcher reports of a quarter: how far the proposals that were put forward in it have come (对接成效).

Beside each number stands how many different people, and how many firms and positions, are behind it, which a public
edition has to know before it may print it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from services.matcher.domain.item import ItemKind
from services.matcher.domain.proposal import ProposalState, Refusal

VERSION = "matcher-return-4"
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
_PEOPLE, _BODIES = (ItemKind.PERSON, ItemKind.TEAM), (ItemKind.FIRM, ItemKind.POSITION)


Side = tuple[ItemKind, str]


@dataclass(frozen=True, slots=True)
class Course:
    """A proposal: its kind, what its two sides are with their ids, the states it was in, the parts of its score in
    log-odds, why it was refused, and the industries of the firm or position in it.
    """

    kind: str
    sides: frozenset[Side]
    states: frozenset[ProposalState]
    parts: Mapping[str, float]
    reason: Refusal | None
    industries: frozenset[str] = frozenset()


def figures(courses: Iterable[Course]) -> dict[tuple[str, str], int]:
    """Proposals by stage and kind, `proposed` among the stages, and of all kinds; by stage and what spoke for them most
    (`reason_proposed` to `reason_done`); by industry (`industry_proposed`, `industry_done`), where
    one of several counts in each; and refusals by reason. With `_people` at the end of the
    code: how many different people and teams are behind a number; with `_bodies`: how many firms and positions.
    """
    found: Counter[tuple[str, str]] = Counter()
    sides: defaultdict[tuple[str, str], set[Side]] = defaultdict(set)
    for each in courses:
        for key in _counted(each):
            found[key] += 1
            sides[key].update(each.sides)
    for (code, of), behind in sides.items():
        found[f"{code}_people", of] = sum(kind in _PEOPLE for kind, _ in behind)
        found[f"{code}_bodies", of] = sum(kind in _BODIES for kind, _ in behind)
    return dict(found)


def _counted(course: Course) -> Iterator[tuple[str, str]]:
    stages = ["proposed", *(stage for stage, states in _STAGES.items() if states & course.states)]
    strongest = foremost(course.parts)
    for stage in stages:
        yield stage, ""
        yield stage, course.kind
        if stage in ("proposed", "viewed", "accepted", "contacted", "done"):
            yield f"reason_{stage}", strongest
        if stage in ("proposed", "done"):
            yield from ((f"industry_{stage}", industry) for industry in sorted(course.industries))
    if ProposalState.REJECTED in course.states and course.reason is not None:
        yield "refused", course.reason.value


def foremost(parts: Mapping[str, float]) -> str:
    """The part that spoke for a pair most; `none` if none did. Of equal ones the first by name."""
    speaking = sorted((-value, name) for name, value in parts.items() if value > 0)
    return speaking[0][1] if speaking else "none"
