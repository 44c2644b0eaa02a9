"""From small cells to a pattern that protects them: complements, the two audits, and repair until both are clean."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.disclosure.binding import Range
from services.talent.domain.disclosure.complements import complete, costs_of, neighbours
from services.talent.domain.disclosure.exact import Recall, recoverable
from services.talent.domain.disclosure.freedom import Freedom, Moved
from services.talent.domain.disclosure.intervals import Bounds, narrow
from services.talent.domain.disclosure.lines import Lines

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Table:
    """What is published together: flat `counts`, the lines that bind them, and what is asked of a hidden cell.

    `least`: the hidden parts of a shown total sum to it at least. `width`: what is shown confines no hidden cell to
    less; None leaves the interval audit out, which is the expensive part. `people`: the counts are of people, who
    may belong to two directions, and not of heads of demand. `freedom`: looks for `least` as the width whatever
    the counts within their classes, of which `counts` and what is left `beside` them (`binding.Range`) are the lower
    ends. `recall`: remembers what the exact audit found.
    """

    lines: Lines
    counts: Numbers
    least: float
    width: float | None = None
    people: bool = True
    freedom: Freedom | None = None
    beside: Range | None = None
    recall: Recall | None = None

    def compares(self, other: "Table") -> bool:
        """Whether another table is bound by the same lines and asks for the same."""
        asked = [(each.least, each.width, each.people, each.freedom) for each in (self, other)]
        return self.lines is other.lines and asked[0] == asked[1]

    def protect(self, small: Mask, costs: Numbers | None = None) -> Mask:
        """The cells to hide so that none of the `small` ones, and none hidden for their sake, can be worked out."""
        prices = costs_of(self.counts) if costs is None else costs
        mask, bounds, moved = small.copy(), Bounds.at(self.counts), Moved.nothing(self.lines.size)
        while True:
            mask = complete(self.lines, self.counts, mask, self.least, prices)
            exposed = np.flatnonzero(self.exposed(mask, bounds, moved))
            further = neighbours(self.lines, prices, mask, exposed)
            if not len(further):
                return mask
            mask[further] = True

    def exposed(self, mask: Mask, bounds: Bounds | None = None, moved: Moved | None = None) -> Mask:
        """Hidden cells that follow from the shown ones, else some of those confined to less than `width`, if any are.

        `bounds` and `moved`: what earlier audits of fewer hidden cells found.
        """
        found = recoverable(self.lines, mask, self.recall)
        if found.any():
            return found
        if self.freedom is not None and self.beside is not None:
            known = moved or Moved.nothing(self.lines.size)
            return self.freedom.confined(self.lines, self.beside, mask, self.least, known, people=self.people)
        if self.width is None:
            return found
        return narrow(self.lines, self.counts, mask, self.width, people=self.people, bounds=bounds)

    def protect_beside(self, small: Mask, before: Mask, start: Mask | None = None) -> Mask:
        """As `protect`, also against somebody who puts an earlier table beside this one; `start` is hidden anyway.

        What the earlier table showed and what has not changed since is known. So the small cells that it hid must
        be safe among the cells that are hidden in both: complements are chosen from those that it hid.
        """
        prices = np.where(before, np.maximum(self.counts, 0.5) * 1e-6, costs_of(self.counts))
        mask = self.protect(small if start is None else small | start, prices)
        both = small & before
        inside = np.where(before, prices, np.inf)
        while True:
            both = complete(self.lines, self.counts, both | (mask & before & small), 0.0, inside)
            open_ = recoverable(self.lines, both) & small
            further = neighbours(self.lines, inside, both, np.flatnonzero(open_))
            if not len(further):
                break
            both[further] = True
        return mask if not (both & ~mask).any() else self.protect(mask | both, prices)
