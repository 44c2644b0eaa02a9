"""The map itself: one cell, any two dimensions, the tightest cells."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from services.kernel.text import Text
from services.talent.domain.axes import ALL
from services.talent.domain.shortage.cube import Cube
from services.talent.domain.shortage.index import Indices, compute
from services.talent.domain.shortage.method import Method


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

    `contributions` are signed log-odds that add up to `log_odds`, a constant included.
    """

    address: Address
    state: CellState
    hidden: bool
    index: float | None
    low: float | None
    high: float | None
    log_odds: float | None
    stars: int
    watch: bool
    grade: str | None
    demand: int
    supply: float | None
    gap: float | None
    contributions: tuple[tuple[str, float], ...]
    band: Text | None

    @property
    def ranked(self) -> bool:
        """Whether it may stand in a ranking: it has a shown index that is not of grade D."""
        return self.index is not None and self.grade != "D"


class ShortageTable:
    """All cells of one day."""

    def __init__(self, cube: Cube, method: Method) -> None:
        self.cube = cube
        self.method = method
        self.indices: Indices = compute(cube, method)
        self._index = self.indices.index
        self._low, self._high = self.indices.interval()

    def cell(self, address: Address) -> Cell:
        """One cell. KeyError for a code that the axes do not have."""
        at = self.at(address)
        state, hidden = self.state(at), self.is_hidden(at)
        shown = state in (CellState.ESTIMATED, CellState.LIBRARY_GAP)
        open_index = shown and not hidden
        stars = self._stars(at) if shown else 0
        return Cell(
            address=address,
            state=state,
            hidden=hidden,
            index=float(self._index[at]) if open_index else None,
            low=float(self._low[at]) if open_index else None,
            high=float(self._high[at]) if open_index else None,
            log_odds=float(self.indices.log_odds[at]) if open_index else None,
            stars=stars if open_index else 0,
            watch=open_index and self._in_doubt(at, stars),
            grade=self._grade(at) if open_index else None,
            demand=int(self.cube.demand[at]),
            supply=None if hidden else float(self.cube.supply[at]),
            gap=None if hidden else max(0.0, float(self.cube.demand[at] - self.cube.supply[at])),
            contributions=self._contributions(at) if open_index else (),
            band=self._band(at, state) if not open_index or state is CellState.LIBRARY_GAP else None,
        )

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
        """Whether too few people stand behind the supply for it, or the index, to be shown."""
        return bool(0 < self.cube.persons[at] < self.method.hidden_below)

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

    def _stars(self, at: tuple[int, int, int]) -> int:
        return sum(self._index[at] >= floor for floor in self.method.star_floors)

    def _in_doubt(self, at: tuple[int, int, int], stars: int) -> bool:
        """Less than 80 % sure that the index is in this band or beyond."""
        if stars == 0:
            return 1 - self.indices.reaches(self.method.star_floors[0], at) < self.method.sure
        return self.indices.reaches(self.method.star_floors[stars - 1], at) < self.method.sure

    def _grade(self, at: tuple[int, int, int]) -> str:
        level = sum(self.indices.sd[at] > limit for limit in self.method.grade_limits)
        return "ABCD"[min(3, int(level) + int(self.indices.missing[at]))]

    def _band(self, at: tuple[int, int, int], state: CellState) -> Text:
        """What may be said in place of the number."""
        if state is CellState.NO_DATA:
            return Text("无数据：既无岗位也无人才记录", "no data: neither positions nor people")
        if state is CellState.NO_DEMAND:
            return Text("无需求：有人才，无在招岗位", "no demand: people, and no open position")
        if state is CellState.LIBRARY_GAP:
            return Text(
                "库内空白：有岗位，库中无可得人才；指数借自上级", "nobody in the library; leans on its parent"
            )
        index = self._index[at]
        if index >= 60:
            return Text(
                "偏紧（★3 以上），人数过少不显示指数", "tight (3 stars or more); too few people to show"
            )
        if index >= 40:
            return Text("大致平衡，人数过少不显示指数", "near balance; too few people to show")
        return Text("供给充足，人数过少不显示指数", "ample supply; too few people to show")
