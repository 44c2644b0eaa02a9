"""The counts at one revision, and what follows from them. Immutable: threads share it."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.patterns import Patterns
from services.talent.domain.shortage.cube import Cube
from services.talent.domain.shortage.employers import Concentration
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.priors import Priors
from services.talent.domain.shortage.rollup import roll_up
from services.talent.domain.shortage.table import ShortageTable
from services.talent.domain.shortage.tally import counts_shape
from services.talent.service.counting.closed import Past
from services.talent.store.counts.state import State


@dataclass(frozen=True)
class Frame:
    """`counts` as in a tally, `employers` in the cube's shape; `priors` those of the state's period, if any;
    `patterns` where patterns of hidden cells come from; `past` the quarters closed before the state's day.
    """

    axes: Axes
    method: Method
    state: State
    counts: NDArray[np.int64]
    employers: Concentration
    priors: Priors | None
    patterns: Patterns
    past: Past = field(default_factory=Past)

    @classmethod
    def empty(cls, axes: Axes, method: Method, state: State, patterns: Patterns) -> "Frame":
        """Nothing is counted."""
        nothing = Concentration(*(np.zeros(axes.shape, np.int64) for _ in Concentration._fields))
        return cls(axes, method, state, np.zeros(counts_shape(axes), np.int64), nothing, None, patterns)

    @cached_property
    def cube(self) -> Cube:
        """All cells at every level on the state's day."""
        cube = roll_up(self.axes, self.state.day, self.counts, self.employers)
        return replace(cube, history=self.past.history)

    @cached_property
    def table(self) -> ShortageTable:
        """The map."""
        return ShortageTable(self.cube, self.method, self.priors, self.past.beliefs, patterns=self.patterns)

    @property
    def tokens(self) -> int:
        """Open heads and effective people of the whole province: how much there is to fit priors to."""
        return int(self.cube.demand[-1, -1, -1] + self.cube.supply[-1, -1, -1])

    def copied(self, state: State, priors: Priors | None, past: Past) -> "Frame":
        """At another state, with arrays of its own to write into."""
        own = Concentration(*(array.copy() for array in self.employers))
        counts = self.counts.copy()
        return replace(self, state=state, priors=priors, past=past, counts=counts, employers=own)
