"""Why one deal ranks before another: input by input, and what proof would add."""

from copy import copy
from dataclasses import dataclass, replace

from services.funding.domain.scores.composite import Scores, score_case
from services.funding.domain.scores.score import DECLARED, VERIFIED, Dimension
from services.funding.domain.screening.case import Case
from services.kernel.text import Text


@dataclass(frozen=True)
class Difference:
    """One input of one score of two deals; `gain`: points that proof of the first deal's value would add."""

    score: str
    name: Text
    mine: Dimension
    other: Dimension
    gain: float


def differences(mine: Scores, other: Scores) -> list[Difference]:
    """Every input of the four scores, those that tell most apart first."""
    found = []
    for code in ("EARLY", "SMALL", "LONG", "HARD"):
        ours, theirs = getattr(mine, code.lower()), getattr(other, code.lower())
        found += [
            Difference(code, a.name, a, b, _gain(a)) for a, b in zip(ours.dims, theirs.dims, strict=True)
        ]
    return sorted(found, key=lambda each: -abs(each.mine.points - each.other.points))


def composite_if_verified(case: Case) -> float | None:
    """The composite if all that is declared were proved by documents."""
    firm = copy(case.firm)
    if firm.snapshot is not None:
        firm.snapshot = replace(firm.snapshot, verified=True)
    return score_case(replace(case, firm=firm, terms=replace(case.terms, verified=True))).composite


def _gain(dimension: Dimension) -> float:
    """A declared value counts as much less as the factor says."""
    return 0.0 if dimension.factor != DECLARED else dimension.points * (VERIFIED / DECLARED - 1)
