"""Forecasts and plans that were made under an earlier catalogue, in today's directions.

A renamed direction takes its own along unchanged. Of a split one every place takes its share: of a count of mean m a
share p is a thinned count, whose variance is p² of the whole one's and p(1 − p)m besides. What comes together adds up,
intervals by the squares of their arms. Where a part of today's cell was not in the forecast or the plan, or an
industry has taken in or lost a direction, what was expected is of another cell than what came: it is not scored.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from math import sqrt
from typing import NamedTuple

from services.catalogue.succession import WHOLE, Shares, divided
from services.talent.domain.axes import Axes
from services.talent.domain.shortage.counts.carrying import recast
from services.talent.domain.shortage.indices.index import Z90
from services.talent.domain.shortage.outlook.allocation import Line
from services.talent.domain.shortage.outlook.records import ForecastTarget, PlanLine
from services.talent.domain.shortage.table import Address


class _Part(NamedTuple):
    """What one of today's cells has of an earlier one: which of the places it is, of which shares."""

    number: int
    place: int
    shares: Shares

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.shares[self.place][1] / WHOLE

    def of(self, amount: int) -> int:
        """Its whole part of a whole amount."""
        return divided(amount, self.shares)[self.place][1]


class _Group(NamedTuple):
    """One of today's cells and what it takes up. `same`: the very cell of then; `whole`: all that it is made of."""

    address: Address
    parts: Sequence[_Part]
    same: bool
    whole: bool


class Succeeded:
    """From the directions of a day past to today's. `then`: those of that day; None where nobody knows them."""

    def __init__(self, then: Axes | None, today: Axes) -> None:
        self._then, self._today = then, today
        self._recast = recast(then, today) if then else frozenset()
        self._sources: dict[str, set[str]] = defaultdict(set)
        for code in then.nodes if then else ():
            for place, _ in self._places(code):
                self._sources[place].add(code)

    def targets(self, made: Sequence[ForecastTarget]) -> list[ForecastTarget]:
        """A forecast's targets, in the order of the first that each takes up."""
        groups = self._grouped([(each.address, each.due) for each in made])
        return [made[each.parts[0].number] if each.same else _target(each, made) for each in groups]

    def lines(self, made: Sequence[PlanLine]) -> list[PlanLine]:
        """A plan's lines, the largest closing first."""
        groups = self._grouped([(each.line.address, None) for each in made])
        lines = [made[each.parts[0].number] if each.same else _line(each, made) for each in groups]
        return sorted(lines, key=lambda each: -each.line.closed)

    def _grouped(self, cells: Iterable[tuple[Address, date | None]]) -> list[_Group]:
        parts: dict[tuple[Address, date | None], list[_Part]] = defaultdict(list)
        codes: dict[tuple[Address, date | None], set[str]] = defaultdict(set)
        for number, (address, due) in enumerate(cells):
            shares = self._places(address.node)
            for place, (node, _) in enumerate(shares):
                key = replace(address, node=node), due
                parts[key].append(_Part(number, place, shares))
                codes[key].add(address.node)
        return [
            _Group(
                key[0], mine, self._is_same(key[0].node, codes[key]), self._is_whole(key[0].node, codes[key])
            )
            for key, mine in parts.items()
        ]

    def _places(self, code: str) -> Shares:
        stays = ((code, WHOLE),)
        return stays if code in self._today.node_at else self._today.former.get(code, stays)

    def _is_same(self, node: str, codes: set[str]) -> bool:
        return codes == {node} and node not in self._recast

    def _is_whole(self, node: str, codes: set[str]) -> bool:
        if self._is_same(node, codes):
            return True
        taken = self._sources.get(node, set())
        return self._then is not None and codes >= taken and taken != {node}


def _target(group: _Group, made: Sequence[ForecastTarget]) -> ForecastTarget:
    parts = [(made[part.number], part) for part in group.parts]
    mean = sum(part.share * each.mean for each, part in parts)
    thinned = sum(Z90**2 * part.share * (1 - part.share) * each.mean for each, part in parts)
    below = _arm((part.share * (each.mean - each.low) for each, part in parts), thinned)
    above = _arm((part.share * (each.high - each.mean) for each, part in parts), thinned)
    return ForecastTarget(
        group.address,
        parts[0][0].due,
        sum(part.of(each.start) for each, part in parts),
        mean,
        max(0.0, mean - below),
        mean + above,
        recast=True,
        whole=group.whole,
    )


def _line(group: _Group, made: Sequence[PlanLine]) -> PlanLine:
    parts = [(made[part.number].line, part) for part in group.parts]
    closed = sum(part.share * line.closed for line, part in parts)
    line = Line(
        group.address,
        sum(part.of(line.recruits) for line, part in parts),
        sum(part.of(line.places) for line, part in parts),
        sum(part.share * line.gap for line, part in parts),
        closed,
        max(0.0, closed - _arm(part.share * (line.closed - line.low) for line, part in parts)),
        closed + _arm(part.share * (line.high - line.closed) for line, part in parts),
    )
    supply = sum(part.share * made[part.number].supply for part in group.parts)
    return PlanLine(line, supply, recast=True, whole=group.whole)


def _arm(arms: Iterable[float], besides: float = 0.0) -> float:
    """One side of the interval of a sum."""
    return sqrt(besides + sum(each**2 for each in arms))
