"""Sparse rows turned round: for every column the slots that hold it, so that a query reads its own columns only.

Values are kept in steps of the grid of 1/2048, on which all rows are. Slots that are asked about together (those of
an industry) stand together in every list, so that whoever asks for a few groups reads their part of it alone. Made of
all slots at once and then left alone. A slot that was blanked since is still in it: whoever reads the result must not
look there.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import _sparsetools, csr_array

FEW = 4
"""More queries than these are multiplied as matrices, with all lists at once."""
LEAST_PART = 10
"""Lists are read where they hold this part of what is asked: one slot by itself takes as long as ten of a list."""
GRID = np.float32(2048)
Groups = NDArray[np.bool_]
Slots = NDArray[np.int64]


class Postings:
    """The first `size` slots of some sparse rows, given in steps of the grid, by column. `groups`: a number for each
    slot.
    """

    def __init__(self, rows: csr_array, groups: NDArray[np.int64]) -> None:
        self.size = int(rows.shape[0])
        order = np.argsort(groups, kind="stable")
        _, group, counts = np.unique(groups, return_inverse=True, return_counts=True)
        self._group = np.append(group, len(counts)).astype(np.int16)
        self._bounds = np.concatenate(([0], np.cumsum(counts)))
        self._position = np.empty(self.size, np.int32)
        self._position[order] = np.arange(self.size, dtype=np.int32)
        turned = (rows[order] if len(counts) > 1 else rows).T.tocsr()
        self._steps = turned.data
        self._positions = turned.indices.astype(np.int32, copy=False)
        self._starts = turned.indptr

    def worth(self, slots: Slots) -> Groups:
        """The groups of whose slots so many are asked about that their lists are read sooner than each slot itself.

        The last stands for slots that came later and are in no list.
        """
        sizes = np.diff(self._bounds)
        if 2 * len(slots) >= self.size:
            asked = sizes
        else:
            asked = np.bincount(self._group_of(slots), minlength=len(sizes) + 1)[:-1]
        return np.append((asked > 0) & (asked * LEAST_PART >= sizes), False)

    def among(self, slots: Slots, groups: Groups) -> NDArray[np.bool_]:
        """Which of some slots are in these groups."""
        return groups.take(self._group_of(slots))

    def _group_of(self, slots: Slots) -> NDArray[np.int16]:
        return self._group.take(slots, mode="clip")

    def products(self, queries: csr_array, slots: Slots, groups: Groups) -> NDArray[np.float32]:
        """[queries, slots] inner products with slots of some groups; exact for rows on the grid, whatever the order of
        summation.
        """
        at = self._position.take(slots)
        if queries.shape[0] > FEW:
            turned = (self._steps / GRID, self._positions, self._starts)
            by_column = csr_array(turned, shape=(len(self._starts) - 1, self.size), copy=False)
            return np.asarray((queries @ by_column).toarray(), np.float32).take(at, axis=1)
        result = np.zeros((queries.shape[0], self.size), np.float32)
        for number in range(queries.shape[0]):
            part = slice(queries.indptr[number], queries.indptr[number + 1])
            self._add(queries.indices[part], queries.data[part], groups, result[number])
        return result.take(at, axis=1)

    def _add(
        self,
        columns: NDArray[np.int32],
        values: NDArray[np.float32],
        groups: Groups,
        to: NDArray[np.float32],
    ) -> None:
        """Adds list by list: to lay the lists of a query side by side takes as long as adding them twice."""
        values = values / GRID
        edges = np.flatnonzero(np.diff(groups, prepend=False))
        cuts = self._cuts(columns, self._bounds[edges]).reshape(-1, 2, len(columns))
        for starts, ends in cuts:
            held = np.flatnonzero(starts < ends)
            lists = zip(starts[held].tolist(), ends[held].tolist(), values[held], strict=True)
            for start, end, value in lists:
                steps = self._steps[start:end].astype(np.float32)
                whole = np.array([0, end - start], np.int32)
                _sparsetools.csc_matvec(
                    self.size, 1, whole, self._positions[start:end], steps, value[None], to
                )

    def _cuts(self, columns: NDArray[np.int32], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
        """[bounds, columns]: where in the lists the first position stands that is not before a bound.

        Found by halves, in all lists at once; before the first position and behind the last one the lists end.
        """
        low = np.broadcast_to(self._starts[columns], (len(bounds), len(columns))).astype(np.int64)
        high = np.broadcast_to(self._starts[columns + 1], low.shape).astype(np.int64)
        low[bounds == self.size], high[bounds == 0] = high[bounds == self.size], low[bounds == 0]
        while (open_ := low < high).any():
            middle = (low + high) // 2
            before = self._positions.take(middle, mode="clip") < bounds[:, None]
            low = np.where(open_ & before, middle + 1, low)
            high = np.where(open_ & ~before, middle, high)
        return low
