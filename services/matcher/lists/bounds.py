"""What a candidate must score to matter to each list of one kind, as one array: one comparison answers for all."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_ROOM = 64


class Reach(NamedTuple):
    """A pair that matters: the anchor, the number of the candidate, and the score."""

    anchor: str
    candidate: int
    log_odds: float


class Bounds:
    """Anchors and the scores below which nobody enters their lists; minus infinity for a list with room.

    The last anchor takes the place of one that leaves.
    """

    def __init__(self, anchors: Iterable[str] = ()) -> None:
        self._anchors = list(anchors)
        self._place = {anchor: place for place, anchor in enumerate(self._anchors)}
        self._values = np.full(len(self._anchors), -np.inf)

    @property
    def anchors(self) -> Sequence[str]:
        """The anchors, in the order of the array; valid until the next change."""
        return self._anchors

    def __contains__(self, anchor: str) -> bool:
        return anchor in self._place

    def put(self, anchor: str, bound: float) -> None:
        """Set the bound of an anchor, which may be a new one."""
        place = self._place.setdefault(anchor, len(self._anchors))
        if place == len(self._anchors):
            self._anchors.append(anchor)
            if place == len(self._values):
                self._values = np.concatenate([self._values, np.full(max(_ROOM, place // 2), -np.inf)])
        self._values[place] = bound

    def remove(self, anchor: str) -> None:
        """Forget an anchor; unknown ones are no matter."""
        place = self._place.pop(anchor, None)
        if place is None:
            return
        last = self._anchors.pop()
        if last != anchor:
            self._anchors[place] = last
            self._place[last] = place
            self._values[place] = self._values[len(self._anchors)]

    def reached(self, scores: NDArray[np.float64]) -> Iterator[Reach]:
        """The pairs of [anchors, candidates] that are admitted and reach the bound of the anchor's list."""
        bounds = self._values[: len(self._anchors), None]
        rows, columns = np.nonzero((scores >= bounds) & (scores > -np.inf))
        found = scores[rows, columns].tolist()
        for row, column, log_odds in zip(rows.tolist(), columns.tolist(), found, strict=True):
            yield Reach(self._anchors[row], column, log_odds)
