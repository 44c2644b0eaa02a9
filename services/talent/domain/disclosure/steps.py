"""The public edition in steps: each state of it is made safe beside the ones that were shown before. A public release
is such a state too.

Who has seen an earlier state knows every number that it showed and that has not changed since. So it is not enough
that a state is safe by itself:

- forward: a cell that was shown and is hidden now is no complement for anybody, unless its count has changed. The
  small cells must be safe among the cells that are unknown indeed.
- backward: a cell that was hidden is not shown while its count stands, where that would tell what an earlier state
  hid beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.disclosure.complements import neighbours
from services.talent.domain.disclosure.exact import recoverable
from services.talent.domain.disclosure.lines import Lines
from services.talent.domain.disclosure.patterns import Pattern
from services.talent.domain.disclosure.protection import Table
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.shortage.counts.cube import Cube
from services.talent.domain.shortage.table import ShortageTable

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Shown:
    """A state that was shown: its cube, which cells it hid, and of which of these the people and the demand are
    unknown to who has seen all states up to it. Masks have the cube's shape.
    """

    cube: Cube
    hidden: Mask
    people: Mask
    demand: Mask


@dataclass(frozen=True)
class _Count:
    """One of the two counts of a cell beside one earlier state, flat: now and then, which are small now and were then,
    what that state hid, and what is unknown to who has seen it.
    """

    lines: Lines
    now: Numbers
    then: Numbers
    small: Mask
    small_then: Mask
    hid: Mask
    unknown: Mask
    least: float
    people: bool

    @property
    def left(self) -> Mask:
        """What that state does not tell of now."""
        return np.asarray(self.unknown | (self.now != self.then))

    def forward(self, hidden: Mask, left: Mask) -> Mask:
        """What has to be hidden so that the small cells are safe among those that no earlier state tells of."""
        table = Table(self.lines, self.now, self.least, people=self.people)
        return table.protect_beside(self.small & hidden, left, hidden)

    def backward(self, hidden: Mask) -> Mask:
        """What has to stay hidden so that the small cells of the earlier state stay unknown."""
        found, standing = hidden.copy(), self.hid & (self.now == self.then)
        while True:
            left = self.hid & (found | ~standing)
            told = recoverable(self.lines, left) & self.small_then
            candidates = np.where(standing & ~found, self.now, np.inf)
            near = neighbours(self.lines, candidates, ~standing | found, np.flatnonzero(told))
            near = near[standing[near] & ~found[near]]
            if not len(near):
                return found
            found[near] = True


def step(table: ShortageTable, earlier: Sequence[Shown], pattern: Pattern | None = None) -> Shown:
    """The public state that comes beside `earlier` ones of the same axes, all of which somebody may have seen; none:
    the first one.

    `pattern`: what the state hides by itself, if not what live answers would.
    """
    hidden = (pattern or table.for_edition(Edition.PUBLIC).pattern).hidden
    if not earlier:
        return Shown(table.cube, hidden, hidden, hidden)
    shape, flat = hidden.shape, hidden.ravel()
    kinds = list(zip(*(_counts(table, each) for each in earlier), strict=True))
    untold = [np.logical_and.reduce([count.left for count in kind]) for kind in kinds]
    while True:
        more = flat.copy()
        for kind, left in zip(kinds, untold, strict=True):
            more |= kind[0].forward(more, left)
            for count in kind:
                more |= count.backward(more)
        if (more == flat).all():
            break
        flat = more
    people, demand = (flat & left for left in untold)
    return Shown(table.cube, flat.reshape(shape), people.reshape(shape), demand.reshape(shape))


def shown_as(table: ShortageTable, state: Shown) -> ShortageTable:
    """The public edition of a table with the cells hidden that the state hides."""
    reach = table.for_edition(Edition.PUBLIC).pattern.reach
    return table.with_pattern(Pattern(Edition.PUBLIC, state.hidden, reach))


def _counts(table: ShortageTable, before: Shown) -> tuple[_Count, _Count]:
    rules, cube, then = table.patterns.rules, table.cube, before.cube
    lines, least, edition = table.patterns.lines_of(cube.axes), rules.least(Edition.PUBLIC), Edition.PUBLIC
    return (
        _Count(
            lines,
            cube.persons.ravel(),
            then.persons.ravel(),
            rules.small_supply(cube, edition).ravel(),
            rules.small_supply(then, edition).ravel(),
            before.hidden.ravel(),
            before.people.ravel(),
            least,
            people=True,
        ),
        _Count(
            lines,
            cube.demand.ravel(),
            then.demand.ravel(),
            rules.concentrated_demand(cube, edition).ravel(),
            rules.concentrated_demand(then, edition).ravel(),
            before.hidden.ravel(),
            before.demand.ravel(),
            least,
            people=False,
        ),
    )
