"""A score: sum of w·e·s over sum of w, over the dimensions that are known, times 100.

w is the weight, e the evidence factor (verified 1, declared 0.6), s the dimension's value on its curve. A
missing dimension is left out and lowers the coverage, so it counts neither as best nor as worst.
"""

from dataclasses import dataclass
from enum import StrEnum

from services.kernel.text import Text

VERIFIED = 1.0
DECLARED = 0.6
COVERAGE_NEEDED = 0.6


class Band(StrEnum):
    """How a score reads at a glance. HIGH from 60, MEDIUM from 35."""

    INSUFFICIENT_EVIDENCE = "INSUFFICIENT_EVIDENCE"
    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _LABELS[self]


_LABELS = {
    Band.INSUFFICIENT_EVIDENCE: Text("证据不足", "insufficient evidence"),
    Band.LOW: Text("低", "low"),
    Band.MEDIUM: Text("中", "medium"),
    Band.HIGH: Text("高", "high"),
}


@dataclass(frozen=True)
class Dimension:
    """One input of a score. `s` None: missing. `factor`: e. `points`: what it adds to the score, of 100."""

    name: Text
    value: Text
    s: float | None
    weight: float
    factor: float
    reason: Text
    points: float = 0.0


@dataclass(frozen=True)
class Score:
    """`value` in 0..100, None when nothing is known; `coverage` = weight known / weight of all."""

    value: float | None
    coverage: float
    dims: tuple[Dimension, ...]

    @property
    def band(self) -> Band:
        """The band, 证据不足 below the coverage needed."""
        return band_of(self.value, self.coverage)


def band_of(value: float | None, coverage: float) -> Band:
    """The band of a score with this coverage."""
    if value is None or coverage < COVERAGE_NEEDED:
        return Band.INSUFFICIENT_EVIDENCE
    if value >= 60:
        return Band.HIGH
    return Band.MEDIUM if value >= 35 else Band.LOW


def scored(*dims: Dimension) -> Score:
    """The score of these dimensions, with the points of each filled in."""
    total = sum(d.weight for d in dims)
    known = sum(d.weight for d in dims if d.s is not None)
    filled = tuple(_with_points(d, known) for d in dims)
    value = sum(d.points for d in filled) if known else None
    return Score(None if value is None else min(100.0, value), known / total, filled)


def _with_points(d: Dimension, known: float) -> Dimension:
    points = 0.0 if d.s is None else 100.0 * d.weight * d.factor * d.s / known
    return Dimension(d.name, d.value, d.s, d.weight, d.factor, d.reason, points)


UNKNOWN_VALUE = Text("未提供", "not provided")


def dimension(
    name: Text, weight: float, *, s: float | None, value: Text, verified: bool, formula: Text
) -> Dimension:
    """A dimension with its reason in words; pass `s` None when the input is missing."""
    if s is None:
        missing = Text(f"{name.zh}未提供，不计入得分", f"{name.en} is not known and is left out of the score")
        return Dimension(name, UNKNOWN_VALUE, None, weight, 0.0, missing)
    proof = Text("已核实", "verified") if verified else Text("企业申报，按六折计", "declared, counts 0.6")
    reason = Text(
        f"{name.zh}{value.zh}，{formula.zh}；{proof.zh}", f"{name.en} {value.en}: {formula.en}; {proof.en}"
    )
    return Dimension(name, value, s, weight, VERIFIED if verified else DECLARED, reason)
