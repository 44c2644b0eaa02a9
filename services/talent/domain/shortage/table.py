"""The map itself: one cell, any two dimensions, the tightest cells."""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.kernel.text import Text
from services.talent.domain.axes import ALL
from services.talent.domain.disclosure.patterns import Pattern, Patterns
from services.talent.domain.disclosure.rules import HIDDEN, Edition, Rules
from services.talent.domain.shortage.counts import coverage as coverages
from services.talent.domain.shortage.counts.cube import Cells, Cube, patched
from services.talent.domain.shortage.indices.index import Indices, compute
from services.talent.domain.shortage.indices.pipeline import Ahead, outlook
from services.talent.domain.shortage.indices.priors import Priors
from services.talent.domain.shortage.indices.stars import Belief
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.note import local_note
from services.talent.domain.shortage.outlook.forecast import Forecaster

GRADES = "ABCD"
_DERIVED = ("pattern", "forecaster")


class CellState(StrEnum):
    """Whether a cell has an index, and why not."""

    ESTIMATED = "ESTIMATED"
    NO_DATA = "NO_DATA"
    NO_DEMAND = "NO_DEMAND"
    LIBRARY_GAP = "LIBRARY_GAP"


@dataclass(frozen=True, slots=True)
class Address:
    """A cell: a leaf, industry or `all`; a city or `all`; a talent category or `all`."""

    node: str = ALL
    city: str = ALL
    category: str = ALL


@dataclass(frozen=True, slots=True)
class Cell:
    """What may be said of one cell. Numbers are None where there is no index or where it is hidden.

    A public edition has whole numbers and neither log-odds nor contributions, from which counts could be had; of a
    hidden cell it tells no `state` either, and the `band` says only that it is hidden.
    `contributions` are signed log-odds that add up to `log_odds`, a constant included. `sure` is the probability
    of `stars` or more, without a star that of having none; under the method's limit the star is in doubt (观察).
    """

    address: Address
    state: CellState | None
    hidden: bool
    demand: int
    supply: float | None
    gap: float | None
    persons: int | None
    band: Text | None
    index: float | None = None
    low: float | None = None
    high: float | None = None
    log_odds: float | None = None
    sd: float | None = None
    stars: int = 0
    sure: float | None = None
    watch: bool = False
    grade: str | None = None
    contributions: tuple[tuple[str, float], ...] = ()

    @property
    def ranked(self) -> bool:
        """Whether it may stand in a ranking: it has a shown index that is not of grade D."""
        return self.index is not None and self.grade != "D"


class ShortageTable:
    """All cells of one day, as one edition shows them: the internal one, unless `for_edition` is asked."""

    def __init__(
        self,
        cube: Cube,
        method: Method,
        priors: Priors | None = None,
        past: Sequence[Belief] = (),
        patterns: Patterns | None = None,
    ) -> None:
        """Without frozen priors, those fitted to the cube itself are used.

        `past`: the beliefs of the quarters before, oldest first, which hold the stars (see `stars.settle`).
        `grades` are positions in GRADES; `index` is 0 to 100, `low` and `high` the ends of its 90 % interval.
        `patterns`: where the patterns of hidden cells come from, to be shared by tables of like counts.
        `held`: cells that are hidden besides, set before anybody asks for the pattern.
        """
        self.edition = Edition.INTERNAL
        self.held: NDArray[np.bool_] | None = None
        self._editions: dict[Edition, ShortageTable] = {}  # the others: no circle keeps a table of the past
        self.patterns = patterns or Patterns(Rules(internal_below=method.hidden_below))
        self.cube = cube
        self.method = method
        self.past = past
        self.priors = priors or Priors.fit(cube, method)
        self.past = tuple(past)
        self.indices: Indices = compute(cube, method, self.priors, past)
        self.index = self.indices.index
        self.low, self.high = self.indices.interval()
        self.grades: NDArray[np.int64] = _grades(cube, self.indices, method)

    def renewed(self, cube: Cube, cells: Cells) -> "ShortageTable":
        """The internal table of a cube that differs in these cells only, under the same priors and past: nothing
        else is worked out anew.
        """
        few = cube.at(cells)
        part = compute(few, self.method, self.priors.at(cells), [each.at(cells) for each in self.past])
        low, high = part.interval()
        other = copy(self)
        for name in _DERIVED:
            other.__dict__.pop(name, None)
        other.edition, other.cube = Edition.INTERNAL, cube
        other._editions = {}
        other.indices = self.indices.patched(cells, part)
        news = {"index": part.index, "low": low, "high": high, "grades": _grades(few, part, self.method)}
        for name, array in patched({name: getattr(self, name) for name in news}, cells, news).items():
            setattr(other, name, array)
        return other

    def for_edition(self, edition: Edition) -> "ShortageTable":
        """The same cells as an edition shows them: of one table always the same."""
        if edition is self.edition:
            return self
        other = self._editions.get(edition)
        if other is None:
            other = copy(self)
            other.edition, other._editions = edition, {}
            other.__dict__.pop("pattern", None)
            other = self._editions.setdefault(edition, other)
        return other

    def with_pattern(self, pattern: Pattern) -> "ShortageTable":
        """The same cells with a pattern of its own, as releases have it."""
        other = copy(self)
        other.edition = pattern.edition
        other._editions = {}
        other.__dict__["pattern"] = pattern
        return other

    @cached_property
    def pattern(self) -> Pattern:
        """Which cells are hidden."""
        found = self.patterns.of(self.cube, self.edition)
        return found if self.held is None else replace(found, hidden=found.hidden | self.held)

    @property
    def note(self) -> Text:
        """How the index is made, and what is not shown."""
        method, rules = self.method.note, self.patterns.rules.note(self.edition)
        local = local_note(self.cube.axes)
        return Text(f"{method.zh}{rules.zh}{local.zh}", f"{method.en} {rules.en}{local.en}")

    def reweighed(self, weights: tuple[tuple[str, float], ...]) -> "ShortageTable":
        """The same counts and priors under other weights. Raises InvalidArgument for weights that cannot be used."""
        method = replace(self.method, weights=weights)
        other = ShortageTable(self.cube, method, self.priors, patterns=self.patterns)
        return other.with_pattern(self.pattern)

    @cached_property
    def coverage(self) -> coverages.Coverage | None:
        """What share of the people there are the library knows; None without two sources."""
        overlap = self.cube.overlap
        return None if overlap is None else coverages.estimate(overlap, self.method.coverage_least)

    def coverage_of(self, at: tuple[int, int, int]) -> coverages.Said:
        """What may be said of it in one cell."""
        return coverages.say(self.coverage, at, self.method.coverage_least, hidden=self.is_hidden(at))

    def ahead(self, at: tuple[int, int, int]) -> Ahead:
        """What the coming quarters are expected to bring to one cell."""
        found = outlook(
            self.cube.at(np.array([np.ravel_multi_index(at, self.cube.demand.shape)])), self.method
        )
        need, cover, new = (float(each[0]) for each in found[:3])
        return Ahead(need, cover, new, bool(found.floored[0]))

    @cached_property
    def forecaster(self) -> Forecaster:
        """What forecasts its demand."""
        return Forecaster(self.cube, self.method)

    def cell(self, address: Address, *, cleared: bool = False) -> Cell:
        """One cell; who is `cleared` sees small counts too. KeyError for a code that the axes do not have."""
        at = self.at(address)
        state, hidden = self.state(at), not cleared and self.is_hidden(at)
        estimated = state in (CellState.ESTIMATED, CellState.LIBRARY_GAP) and bool(self.indices.known[at])
        demand, supply = int(self.cube.demand[at]), float(self.cube.supply[at])
        shown, untold = estimated and not hidden, hidden and self.edition is Edition.PUBLIC
        return Cell(
            address=address,
            state=None if untold else state,
            hidden=hidden,
            demand=demand,
            supply=None if hidden else supply,
            gap=None if hidden else max(0.0, demand - supply),
            persons=None if hidden else int(self.cube.persons[at]),
            band=None if state is CellState.ESTIMATED and shown else self._band(at, state, untold=untold),
            **(self._estimated(at) if shown else {}),
        )

    def _estimated(self, at: tuple[int, int, int]) -> dict[str, Any]:
        """What is said of a cell with an index that is shown."""
        found, index, low, high = self.indices, float(self.index[at]), self.low[at], self.high[at]
        rated = {
            "stars": int(found.stars[at]),
            "watch": bool(found.watch[at]),
            "grade": GRADES[self.grades[at]],
        }
        if self.edition is Edition.PUBLIC:
            return {
                **rated,
                "index": float(round(index)),
                "low": float(floor(low)),
                "high": float(ceil(high)),
            }
        return {
            **rated,
            "index": index,
            "low": float(low),
            "high": float(high),
            "log_odds": float(found.log_odds[at]),
            "sd": float(found.sd[at]),
            "sure": float(found.sure[at]),
            "contributions": self._contributions(at),
        }

    def at(self, address: Address) -> tuple[int, int, int]:
        """Position of a cell in the arrays."""
        axes = self.cube.axes
        return axes.node_at[address.node], axes.city_at[address.city], axes.category_at[address.category]

    def state(self, at: tuple[int, int, int]) -> CellState:
        """Whether there is an index."""
        demand, supply = self.cube.demand[at] > 0, self.cube.supply[at] > 0
        if not demand:
            return CellState.NO_DEMAND if supply else CellState.NO_DATA
        return CellState.ESTIMATED if supply else CellState.LIBRARY_GAP

    def is_hidden(self, at: tuple[int, int, int]) -> bool:
        """Whether neither the supply nor the index may be shown: too few people, or a neighbour could be worked out."""
        return bool(self.pattern.hidden[at])

    def is_reach_hidden(self, at: tuple[int, int, int]) -> bool:
        """Whether the people within reach outside the province may not be shown."""
        return bool(self.pattern.reach[at[0], at[2]])

    def parent(self, address: Address) -> Address | None:
        """The cell above: all categories, then the province, then the direction above; None above everything."""
        axes = self.cube.axes
        if address.category != ALL:
            return Address(address.node, address.city)
        if address.city != ALL:
            return Address(address.node)
        node = axes.parents[axes.node_at[address.node]]
        return None if axes.nodes[node] == address.node else Address(axes.nodes[node])

    def tightest(self, addresses: Iterator[Address], limit: int) -> list[Cell]:
        """Ranked cells, the highest index first; ties by address."""
        ranked = [cell for cell in map(self.cell, addresses) if cell.ranked]
        ranked.sort(
            key=lambda cell: (
                -(cell.index or 0.0),
                cell.address.node,
                cell.address.city,
                cell.address.category,
            )
        )
        return ranked[:limit]

    def _contributions(self, at: tuple[int, int, int]) -> tuple[tuple[str, float], ...]:
        parts = [
            (name, float(part[at])) for name, part in self.indices.parts.items() if not np.isnan(part[at])
        ]
        return (("constant", 0.0), *parts)

    def _band(self, at: tuple[int, int, int], state: CellState, *, untold: bool) -> Text:
        """What may be said in place of the number."""
        if untold and not self.patterns.rules.tells_band:
            return HIDDEN
        if state is CellState.NO_DATA:
            return Text("无数据：既无岗位也无人才记录", "no data: neither positions nor people")
        if state is CellState.NO_DEMAND:
            return Text("无需求：有人才，无在招岗位", "no demand: people, and no open position")
        if state is CellState.LIBRARY_GAP:
            return Text(
                "库内空白：有岗位，库中无可得人才；指数借自上级", "nobody in the library; leans on its parent"
            )
        if not self.indices.known[at]:
            return Text("所选分项在此均无数据", "none of the parts chosen is known here")
        stars = self.indices.stars[at]
        if stars >= 3:
            return Text(f"偏紧（★3 以上），{HIDDEN.zh}", f"tight (3 stars or more); {HIDDEN.en}")
        if stars >= 1:
            return Text(f"大致平衡，{HIDDEN.zh}", f"near balance; {HIDDEN.en}")
        return Text(f"供给充足，{HIDDEN.zh}", f"ample supply; {HIDDEN.en}")


def _grades(cube: Cube, indices: Indices, method: Method) -> NDArray[np.int64]:
    gap = (cube.demand > 0) & (cube.supply <= 0)
    level = np.searchsorted(np.asarray(method.grade_limits), indices.sd, side="left")
    return np.asarray(np.minimum(len(GRADES) - 1, level + indices.missing + gap))
