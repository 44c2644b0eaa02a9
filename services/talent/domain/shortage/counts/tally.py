"""What people, positions and flows add to the counts on one day: exact integers, added and taken away without residue.

People and positions may come in any order and any portions: sums of integers do not care.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.axes import OUTSIDE, Axes
from services.talent.domain.people.availability import Ageing, Availability, supply_micro
from services.talent.domain.people.person import PersonStatus, Purpose
from services.talent.domain.period import window_start
from services.talent.domain.position.posting import Posting
from services.talent.domain.shortage.counts.cube import Cube
from services.talent.domain.shortage.counts.employers import Heads, concentrate, sizes_of
from services.talent.domain.shortage.counts.flows import FLOWS, Flow, Windows, added
from services.talent.domain.shortage.counts.rollup import roll_up

MEASURES = ("supply", "persons", "demand", "fills", "exposure", "accruing", *FLOWS)
"""`supply` in millionths of a person; `exposure` in position-days, less `accruing` times the day's ordinal."""


class Supplied(NamedTuple):
    """What one person adds: someone who agreed to be counted. A city of `outside` makes reach, never supply."""

    person_id: str
    city: str
    category: str
    availability: Availability
    direction_shares: tuple[tuple[str, int], ...]
    observed: date


Counted = Supplied | Posting | Flow


def supplied(value: Callable[[str], Any]) -> Supplied | None:
    """What a person adds whose attributes `value` gives by name; None unless active and counted by consent."""
    if value("status") is not PersonStatus.ACTIVE or Purpose.STATISTICS not in value("purposes"):
        return None
    return Supplied(*map(value, ("id", "city", "category", "availability", "direction_shares", "observed")))


def advertised(value: Callable[[str], Any]) -> Posting | None:
    """What a position adds whose attributes `value` gives by name; None for a duplicate."""
    if value("duplicate_of") is not None:
        return None
    stated: dict[str, Any] = {name: value(name) for name in Posting._fields if name != "employer"}
    return Posting(employer=value("employer_code") or value("employer"), **stated)


@dataclass(frozen=True)
class Reckoning:
    """How records count on the day `as_of`."""

    axes: Axes
    as_of: date
    window_days: int
    ageing: Ageing
    horizon_quarters: int = 8
    moves_quarters: int = 4

    @cached_property
    def since(self) -> date:
        """The day before the window of fills and exposure."""
        return window_start(self.as_of, self.window_days)

    @cached_property
    def windows(self) -> Windows:
        """When training, moves and hires of funded deals count."""
        return Windows.of(self.as_of, self.horizon_quarters, self.moves_quarters)


class Tally:
    """Sums over records, each counted with a sign. Not thread-safe.

    `counts` has the shape (measures, nodes, cities with `outside` last, categories): every node counts its own and
    those below it, each person once; `heads` are open heads by employer and leaf cell.
    """

    def __init__(self, reckoning: Reckoning) -> None:
        self.reckoning = reckoning
        self.counts = np.zeros(counts_shape(reckoning.axes), np.int64)
        self.heads: Heads = defaultdict(int)

    def count_people(self, people: Iterable[Supplied], sign: int = 1) -> None:
        """Add (1) or take away (−1) people."""
        reckoning, axes = self.reckoning, self.reckoning.axes
        ageing, as_of = reckoning.ageing, reckoning.as_of
        places: list[int] = []
        amounts: list[int] = []
        for person in people:
            weight = ageing.ppm(person.observed, as_of)
            offset = _offset(axes, person.city, person.category)
            nodes: dict[int, int] = {}
            for leaf, share in person.direction_shares:
                micro = supply_micro(person.availability, share, weight)
                for node in axes.lineage[axes.node_at[leaf]]:
                    nodes[node] = nodes.get(node, 0) + micro
            for node, micro in nodes.items():
                places.append(node * self._stride + offset)
                amounts.append(micro)
        self._add("supply", places, amounts, sign)
        self._add("persons", places, [1] * len(places), sign)

    def count_postings(self, postings: Iterable[Posting], sign: int = 1) -> None:
        """Add (1) or take away (−1) postings."""
        since, as_of, axes = self.reckoning.since, self.reckoning.as_of, self.reckoning.axes
        places: list[int] = []
        found: tuple[list[int], ...] = ([], [], [], [])
        for posting in postings:
            node, offset = axes.node_at[posting.leaf], _offset(axes, posting.city, posting.category)
            heads, rate = posting.open_headcount(as_of), posting.accruing(since, as_of)
            start = posting.exposure(since, as_of) - rate * as_of.toordinal()
            line = (heads, posting.fills_between(since, as_of), start, rate)
            for up in axes.lineage[node]:
                places.append(up * self._stride + offset)
                for amounts, amount in zip(found, line, strict=True):
                    amounts.append(amount)
            if heads:
                self.heads[posting.employer, node * self._stride + offset] += sign * heads
        for measure, amounts in zip(MEASURES[2:6], found, strict=True):
            self._add(measure, places, amounts, sign)

    def count_flows(self, flows: Iterable[Flow], sign: int = 1) -> None:
        """Add (1) or take away (−1) training places, moves and hires of funded deals."""
        axes, windows = self.reckoning.axes, self.reckoning.windows
        found: dict[str, tuple[list[int], list[int]]] = {measure: ([], []) for measure in FLOWS}
        for flow in flows:
            for measure, leaf, city, category, micro in added(flow, windows):
                places, amounts = found[measure]
                offset = _offset(axes, city, category)
                lineage = axes.lineage[axes.node_at[leaf]]
                places += [node * self._stride + offset for node in lineage]
                amounts += [micro] * len(lineage)
        for measure, (places, amounts) in found.items():
            self._add(measure, places, amounts, sign)

    def count(self, records: Iterable[Counted], sign: int = 1) -> None:
        """Add (1) or take away (−1) records of every kind."""
        kept = list(records)
        self.count_people((each for each in kept if isinstance(each, Supplied)), sign)
        self.count_postings((each for each in kept if isinstance(each, Posting)), sign)
        self.count_flows((each for each in kept if not isinstance(each, Supplied | Posting)), sign)

    def take(self, other: "Tally") -> None:
        """Take away what another one holds."""
        self.counts -= other.counts
        for key, heads in other.heads.items():
            self.heads[key] -= heads

    def cube(self) -> Cube:
        """All cells at every level."""
        axes = self.reckoning.axes
        employers = concentrate(axes, sizes_of(axes, self.heads))
        return roll_up(axes, self.reckoning.as_of, self.counts, employers)

    @cached_property
    def _stride(self) -> int:
        return int(np.prod(self.counts.shape[2:]))

    def _add(self, measure: str, places: list[int], amounts: list[int], sign: int) -> None:
        flat: NDArray[np.int64] = self.counts[MEASURES.index(measure)].reshape(-1)
        np.add.at(flat, np.asarray(places, np.intp), sign * np.asarray(amounts, np.int64))


def counts_shape(axes: Axes) -> tuple[int, int, int, int]:
    """Measures, nodes, cities with `outside` in the place of `all`, categories."""
    return len(MEASURES), len(axes.nodes), len(axes.cities), len(axes.categories) - 1


def build(
    axes: Axes,
    people: Iterable[Supplied],
    postings: Iterable[Posting],
    as_of: date,
    *,
    window_days: int,
    ageing: Ageing | None = None,
) -> Cube:
    """Count everything on one day, each record once."""
    tally = Tally(Reckoning(axes, as_of, window_days, ageing or Ageing()))
    tally.count_people(people)
    tally.count_postings(postings)
    return tally.cube()


def _offset(axes: Axes, city: str, category: str) -> int:
    """Position within a node's block of counts."""
    slot = len(axes.cities) - 1 if city == OUTSIDE else axes.city_at[city]
    return slot * (len(axes.categories) - 1) + axes.category_at[category]
