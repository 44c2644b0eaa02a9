"""The counts at one revision, and what follows from them. Immutable: threads share it."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.patterns import Patterns
from services.talent.domain.shortage.counts.coverage import Overlap
from services.talent.domain.shortage.counts.cube import MICRO, Cells, Cube
from services.talent.domain.shortage.counts.employers import Concentration
from services.talent.domain.shortage.counts.movers import in_steps
from services.talent.domain.shortage.counts.rollup import roll_up, roll_up_again
from services.talent.domain.shortage.counts.tally import MEASURES, counts_shape
from services.talent.domain.shortage.indices.priors import Priors
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.table import ShortageTable
from services.talent.service.shortage.counting.closed import Past
from services.talent.store.counts.state import State


class Earlier(NamedTuple):
    """A map of the same day, priors and past, and the cells whose counts have changed since."""

    table: ShortageTable
    cells: Cells


@dataclass(frozen=True)
class Frame:
    """Immutable but for what is worked out of it when somebody asks.

    `counts` as in a tally, `employers` in the cube's shape; `priors` those of the state's period, if any;
    `patterns` where patterns of hidden cells come from; `past` the quarters closed before the state's day;
    `recast` the nodes whose counts were carried over from an earlier catalogue; `overlap` whom two sources found;
    `earlier` what need not be worked out again; `held` cells that are hidden besides.
    """

    axes: Axes
    method: Method
    state: State
    counts: NDArray[np.int64]
    employers: Concentration
    priors: Priors | None
    patterns: Patterns
    past: Past = field(default_factory=Past)
    earlier: Earlier | None = None
    recast: frozenset[str] = frozenset()
    overlap: Overlap | None = None
    held: NDArray[np.bool_] | None = None

    @classmethod
    def empty(cls, axes: Axes, method: Method, state: State, patterns: Patterns) -> "Frame":
        """Nothing is counted."""
        nothing = Concentration(*(np.zeros(axes.shape, np.int64) for _ in Concentration._fields))
        return cls(axes, method, state, np.zeros(counts_shape(axes), np.int64), nothing, None, patterns)

    @cached_property
    def cube(self) -> Cube:
        """All cells at every level on the state's day."""
        if self._renewed is not None:
            return self._renewed
        cube = roll_up(self.axes, self.state.day, self.counts, self.employers)
        cube = replace(cube, history=self.past.history, recast=self.recast, overlap=self.overlap)
        return in_steps(cube, self.method.hidden_below)

    @cached_property
    def table(self) -> ShortageTable:
        """The map."""
        if self.earlier is not None and self._renewed is not None:
            table = self.earlier.table.renewed(self._renewed, self.earlier.cells)
        else:
            table = ShortageTable(
                self.cube, self.method, self.priors, self.past.beliefs, patterns=self.patterns
            )
        table.held = self.held
        return table

    @property
    def drawn(self) -> bool:
        """Whether the map has been worked out."""
        return "table" in self.__dict__

    def draw(self) -> None:
        """Work out the map now, so that whoever asks next does not wait for it."""
        _ = self.table

    @property
    def tokens(self) -> int:
        """Open heads and effective people of the whole province: how much there is to fit priors to."""
        supply, demand = (
            int(self.counts[MEASURES.index(name), -1, :-1].sum()) for name in ("supply", "demand")
        )
        return int(demand + supply / MICRO)

    @cached_property
    def _renewed(self) -> Cube | None:
        """The earlier cube with its changed cells counted anew; None where all cells have to be."""
        if self.earlier is None:
            return None
        cube = roll_up_again(self.earlier.table.cube, self.counts, self.employers, self.earlier.cells)
        return None if cube is None else in_steps(cube, self.method.hidden_below)

    def changed(self, **values: Any) -> "Frame":
        """With other values, and nothing to lean on."""
        return replace(self, **{"earlier": None, **values})

    def since(self, cells: Cells) -> Earlier | None:
        """What a frame may lean on that differs from this one in these cells only."""
        if self.drawn:
            return Earlier(self.table, cells)
        if self.earlier is None:
            return None
        return Earlier(self.earlier.table, np.union1d(self.earlier.cells, cells))

    def copied(self, state: State, priors: Priors | None, past: Past) -> "Frame":
        """At another state, with arrays of its own to write into."""
        own = Concentration(*(array.copy() for array in self.employers))
        counts = self.counts.copy()
        return self.changed(state=state, priors=priors, past=past, counts=counts, employers=own)
