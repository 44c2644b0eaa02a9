"""Where recruitments, training places or money close the most expected gap.

The gap of a cell is what demand exceeds supply by at the horizon; demand is negative binomial. One more person is
worth P(demand still exceeds supply with all those before), one training place that times its yield: gains fall
with every further unit, so that taking the best next unit again and again is optimal. With money it is the best
next unit per fen, optimal to within the gain of one unit.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import floor, sqrt
from typing import NamedTuple

import numpy as np

from services.talent.domain.shortage.indices.estimate import Floats
from services.talent.domain.shortage.indices.index import Z90
from services.talent.domain.shortage.outlook.fan import Fan
from services.talent.domain.shortage.outlook.means import Means
from services.talent.domain.shortage.table import Address

_TINY = 1e-9
_ALMOST_ALL = 0.99999


@dataclass(frozen=True)
class Target:
    """A cell that may be given something: its demand at the horizon (one count), and its supply then."""

    address: Address
    demand: Fan
    supply: float

    @cached_property
    def exceeding(self) -> Floats:
        """P(demand ≥ k) for k = 0, 1, … to where it is as good as 0."""
        last = int(self.demand.quantile(_ALMOST_ALL)) + 2
        return np.concatenate([[1.0], 1 - self.demand.at_most(np.arange(last, dtype=float)), [0.0]])

    def needed(self, people: Floats) -> Floats:
        """P(demand reaches supply and this many people)."""
        at = np.ceil(self.supply + people - _TINY).astype(np.int64)
        return np.asarray(self.exceeding[np.minimum(at, len(self.exceeding) - 1)])

    def closing(self, people: float) -> tuple[float, float]:
        """Mean and variance of min(people, max(0, demand − supply))."""
        bounds = np.arange(1, floor(people + _TINY) + 1, dtype=float)
        if people - len(bounds) > _TINY:
            bounds = np.append(bounds, people)
        before = np.concatenate([[0.0], bounds[:-1]])
        chance = self.needed(bounds)
        mean = float((bounds - before) @ chance)
        return mean, max(0.0, float((bounds**2 - before**2) @ chance) - mean**2)

    @cached_property
    def gap(self) -> float:
        """Expected gap."""
        return self.closing(float(max(1, len(self.exceeding) - floor(self.supply))))[0]


@dataclass(frozen=True, slots=True)
class Line:
    """What one cell is given, its expected gap, and what is expected to be closed, with the 90 % interval."""

    address: Address
    recruits: int
    places: int
    gap: float
    closed: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Allocation:
    """The lines, the largest closing first, and all of them together; `spent_fen` of an amount."""

    lines: tuple[Line, ...]
    gap: float
    closed: float
    low: float
    high: float
    spent_fen: int


class _Kind(NamedTuple):
    """A kind of unit: people it brings, what it costs, how many of it there are at most."""

    worth: float
    fen: int
    most: int


@dataclass
class _Hand:
    """Hands out units, the best next one first; counts what each target has been given of either kind."""

    targets: Sequence[Target]
    place_yield: float
    given: list[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.given = [[0, 0] for _ in self.targets]

    def people(self, at: int) -> float:
        recruits, places = self.given[at]
        return recruits + places * self.place_yield

    def gain(self, at: int, worth: float) -> float:
        """Expected gap that the next `worth` of a person closes here."""
        return worth * float(self.targets[at].needed(np.asarray(self.people(at) + worth)))

    def out(self, kinds: Sequence[tuple[int, _Kind]], purse: int) -> int:
        """Give units of these kinds while they close anything and can be paid; tells what is left of the purse."""
        left = {which: kind.most for which, kind in kinds}
        by_which = dict(kinds)
        queue = [
            (-self._rate(at, kind), at, which) for at in range(len(self.targets)) for which, kind in kinds
        ]
        heapq.heapify(queue)
        while queue:
            rate, at, which = heapq.heappop(queue)
            kind = by_which[which]
            now = -self._rate(at, kind)
            if now > rate:
                heapq.heappush(queue, (now, at, which))
                continue
            if not left[which] or kind.fen > purse or now > -_TINY / max(1, kind.fen):
                continue
            self.given[at][which] += 1
            left[which] -= 1
            purse -= kind.fen
            heapq.heappush(queue, (-self._rate(at, kind), at, which))
        return purse

    def _rate(self, at: int, kind: _Kind) -> float:
        return self.gain(at, kind.worth) / max(1, kind.fen)


def allocate(targets: Sequence[Target], means: Means, place_yield: float) -> Allocation:
    """The allocation over `targets`; a unit that would close nothing is not given out, ties go to the earlier cell."""
    hand = _Hand(targets, place_yield)
    spent = 0
    if means.amount_fen:
        recruit, place = _Kind(1.0, means.recruit_fen, 10**9), _Kind(place_yield, means.place_fen, 10**9)
        spent = means.amount_fen - hand.out([(0, recruit), (1, place)], means.amount_fen)
    else:
        hand.out([(0, _Kind(1.0, 0, means.recruits))], 0)
        hand.out([(1, _Kind(place_yield, 0, means.places))], 0)
    lines = [
        _line(target, recruits, places, place_yield)
        for target, (recruits, places) in zip(targets, hand.given, strict=True)
        if recruits or places
    ]
    lines.sort(key=lambda line: (-line.closed, line.address.node, line.address.city, line.address.category))
    return _together(targets, lines, place_yield, spent)


def _line(target: Target, recruits: int, places: int, place_yield: float) -> Line:
    mean, variance = _closing(target, recruits, places, place_yield)
    spread = Z90 * sqrt(variance)
    low, high = max(0.0, mean - spread), min(recruits + places, mean + spread)
    return Line(target.address, recruits, places, target.gap, mean, low, high)


def _closing(target: Target, recruits: int, places: int, place_yield: float) -> tuple[float, float]:
    """Mean and variance of what is closed: demand may stay below, and places yield a binomial number of people.

    The second part to first order: a person more or less counts by the chance that one more is needed.
    """
    people = recruits + places * place_yield
    mean, variance = target.closing(people)
    needed = float(target.needed(np.asarray(people)))
    return mean, variance + needed**2 * places * place_yield * (1 - place_yield)


def _together(targets: Sequence[Target], lines: Sequence[Line], place_yield: float, spent: int) -> Allocation:
    """The sum; the cells' errors are taken as independent."""
    by_address = {target.address: target for target in targets}
    variance = sum(
        _closing(by_address[line.address], line.recruits, line.places, place_yield)[1] for line in lines
    )
    closed, spread = sum(line.closed for line in lines), Z90 * sqrt(variance)
    low, high = (
        max(0.0, closed - spread),
        min(sum(each.recruits + each.places for each in lines), closed + spread),
    )
    return Allocation(tuple(lines), sum(target.gap for target in targets), closed, low, high, spent)
