"""Counting people and positions, in bulk or one change at a time, with the same result to the last digit."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.availability import Ageing, Availability, supply_micro
from services.talent.domain.axes import ALL, OUTSIDE, Axes
from services.talent.domain.posting import Posting
from services.talent.domain.shortage.cube import MICRO, Cube


class Supplied(NamedTuple):
    """What one person adds: someone who agreed to be counted. A city of `outside` makes reach, never supply."""

    person_id: str
    city: str
    category: str
    availability: Availability
    direction_shares: tuple[tuple[str, int], ...]
    observed: date


class Tally:
    """Exact integer counts as of one day.

    `put_person` and `put_posting` take the state of a record at a version; None stands for one that counts no
    more. A version that is not newer than the one seen changes nothing, so events may come twice or out of
    order. Not thread-safe: the owner serialises use.
    """

    def __init__(self, axes: Axes, as_of: date, *, window_days: int, ageing: Ageing | None = None) -> None:
        self.axes = axes
        self.as_of = as_of
        self.window_days = window_days
        self.ageing = ageing or Ageing()
        self._since = as_of - timedelta(days=window_days)
        size = int(np.prod(axes.shape))
        self._micro, self._persons, self._reach = (np.zeros(size, np.int64) for _ in range(3))
        self._demand, self._squared, self._largest = (np.zeros(size, np.int64) for _ in range(3))
        self._fills, self._exposure = (np.zeros(size, np.int64) for _ in range(2))
        self._employers: defaultdict[int, dict[str, int]] = defaultdict(dict)
        self._people: dict[str, tuple[int, Supplied | None]] = {}
        self._postings: dict[str, tuple[int, Posting | None]] = {}

    def put_person(self, id_: str, version: int, person: Supplied | None) -> bool:
        """Take over a person's state; tells whether it was news."""
        seen, before = self._people.get(id_, (-1, None))
        if version <= seen:
            return False
        self._people[id_] = (version, person)
        self.count_people([before] if before else [], -1)
        self.count_people([person] if person else [], 1)
        return True

    def put_posting(self, id_: str, version: int, posting: Posting | None) -> bool:
        """Take over a position's state; tells whether it was news."""
        seen, before = self._postings.get(id_, (-1, None))
        if version <= seen:
            return False
        self._postings[id_] = (version, posting)
        self.count_postings([before] if before else [], -1)
        self.count_postings([posting] if posting else [], 1)
        return True

    def at(self, as_of: date) -> "Tally":
        """The same records counted on another day: the tick that ages records and lets postings expire."""
        other = Tally(self.axes, as_of, window_days=self.window_days, ageing=self.ageing)
        other._people, other._postings = dict(self._people), dict(self._postings)
        other.count_people([person for _, person in self._people.values() if person], 1)
        other.count_postings([posting for _, posting in self._postings.values() if posting], 1)
        return other

    def count_people(self, people: Iterable[Supplied], sign: int = 1) -> None:
        """Add (1) or take away (−1) people; at every level each person is one person, whatever the shares."""
        places: list[int] = []
        amounts: list[int] = []
        beyond: list[int] = []
        for person in people:
            nodes = self._nodes(person)
            if person.city == OUTSIDE:
                beyond.extend(self._places(nodes, (ALL,), person.category))
                continue
            places.extend(self._places(nodes, (person.city, ALL), person.category))
            for micro in nodes.values():
                amounts.extend((sign * micro,) * 4)
        _add(self._micro, places, amounts)
        _add(self._persons, places, sign)
        _add(self._reach, beyond, sign)

    def count_postings(self, postings: Iterable[Posting], sign: int = 1) -> None:
        """Add (1) or take away (−1) postings."""
        places: list[int] = []
        fills: list[int] = []
        days: list[int] = []
        for posting in postings:
            lineage = self.axes.lineage[self.axes.node_at[posting.leaf]]
            cells = self._places(lineage, (posting.city, ALL), posting.category)
            places.extend(cells)
            fills.extend((sign * posting.fills_between(self._since, self.as_of),) * len(cells))
            days.extend((sign * posting.exposure(self._since, self.as_of),) * len(cells))
            heads = posting.open_headcount(self.as_of)
            if heads:
                self._count_demand(cells, posting.employer, sign * heads)
        _add(self._fills, places, fills)
        _add(self._exposure, places, days)

    def cube(self) -> Cube:
        """A frozen copy of the counts."""
        shape = self.axes.shape
        employers = np.zeros(len(self._demand), np.int64)
        for place, found in self._employers.items():
            employers[place] = len(found)
        arrays = (self._demand, self._squared, employers, self._largest, self._micro, self._persons)
        shaped = [
            array.reshape(shape).astype(float)
            for array in (*arrays, self._reach, self._fills, self._exposure)
        ]
        shaped[4] /= MICRO
        return Cube(self.axes, self.as_of, *shaped)

    def _nodes(self, person: Supplied) -> dict[int, int]:
        """Millionths of effective supply at every node the person belongs to."""
        discount = self.ageing.factor(person.observed, self.as_of)
        found: dict[int, int] = {}
        for leaf, share in person.direction_shares:
            micro = supply_micro(person.availability, share, discount)
            for node in self.axes.lineage[self.axes.node_at[leaf]]:
                found[node] = found.get(node, 0) + micro
        return found

    def _places(self, nodes: Iterable[int], cities: Sequence[str], category: str) -> list[int]:
        """Flat positions of the cells of these nodes and cities, with the category and with all of them."""
        _, width, depth = self.axes.shape
        offsets = [
            self.axes.city_at[city] * depth + kind
            for city in cities
            for kind in (self.axes.category_at[category], depth - 1)
        ]
        return [node * width * depth + offset for node in nodes for offset in offsets]

    def _count_demand(self, cells: list[int], employer: str, heads: int) -> None:
        for cell in cells:
            found = self._employers[cell]
            before = found.pop(employer, 0)
            after = before + heads
            if after:
                found[employer] = after
            self._demand[cell] += heads
            self._squared[cell] += after * after - before * before
            largest = self._largest[cell]
            if after > largest or before == largest:
                self._largest[cell] = max(found.values(), default=0)


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
    tally = Tally(axes, as_of, window_days=window_days, ageing=ageing)
    tally.count_people(people)
    tally.count_postings(postings)
    return tally.cube()


def _add(counts: NDArray[np.int64], places: list[int], amounts: list[int] | int) -> None:
    np.add.at(counts, np.asarray(places, np.intp), np.asarray(amounts, np.int64))
