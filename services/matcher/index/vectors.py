"""Dense vectors with filters: exact where the filter leaves few, packed and compared exactly where it leaves many.

Whatever is found is ordered by the vectors themselves. The packed rows (`Compressed`) choose whom to compare: the
nearest of all rows, or of the groups that the filter leaves something of, by what the packed rows say, until enough of
them are admitted. Where the admitted are not among those, because the filter goes against the grain of the query, all
admitted rows are compared.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from services.kernel.errors import InvalidArgument
from services.matcher.index.compressed import Compressed, Part
from services.matcher.index.depth import WIDEST
from services.matcher.index.packing import Packing
from services.matcher.index.products import products

Rows = NDArray[np.int64]
Vector = NDArray[np.float32]
Mask = NDArray[np.bool_]
Groups = Callable[[], NDArray[np.int64]]
"""For each row the number of the group that filters admit together."""
FEW = 1_000
_SCANNED = 45
"""Packed rows that are scanned in the time in which one row is compared; to find one row more costs as much."""
_PACKED_FROM = 50_000
_LEAST, _DEEP = 200, 400
"""Rows that are compared where ten are asked for, or as many as the packed rows hold these in; from how many on more
are compared for each that is asked for, too.
"""
_TEN, _TIMES, _MORE = 10, 40, 2_000
"""Rows that are compared for each that is asked for beyond ten, up to a bound."""
_TAIL_PART = 16
_LARGEST = 1e15
"""Products of vectors so large still add up within float32; those of the encoders have length 1."""
_GRAIN = 2
"""A filter goes with the grain where the nearest are admitted at least half as often as all."""


class VectorIndex:
    """Unit vectors by row number, 0 … size - 1.

    A row may be blank (nothing to compare); blank rows are never found. Removal moves the last row into the
    gap and overwrites what stood there. `few`: up to how many admitted rows are all compared, however few are to be
    scanned; `groups` is asked whenever the rows are packed, which they are from `packed_from` on.
    """

    def __init__(
        self, dimensions: int, few: int = FEW, packed_from: int = _PACKED_FROM, groups: Groups | None = None
    ) -> None:
        self._held = np.zeros((0, dimensions), np.float32)
        self._filled = np.zeros(0, np.bool_)
        self._size = self._comparable = 0
        self._few = few
        self._packed_from = packed_from
        self._groups = groups
        self._packing = Packing()

    @classmethod
    def of(
        cls,
        vectors: NDArray[np.float32],
        few: int = FEW,
        packed_from: int = _PACKED_FROM,
        groups: Groups | None = None,
    ) -> "VectorIndex":
        """Holding the rows of a matrix; zero rows are blank. Raises InvalidArgument for NaN or infinity."""
        result = cls(vectors.shape[1], few, packed_from, groups)
        result.extend(vectors)
        return result

    @property
    def size(self) -> int:
        """Number of rows, blank ones included."""
        return self._size

    @property
    def dimensions(self) -> int:
        """Width of the vectors."""
        return int(self._held.shape[1])

    def vectors(self) -> NDArray[np.float32]:
        """[size, dimensions]: a view of the index's own memory, valid until the next change."""
        return self._held[: self._size]

    def put(self, row: int, vector: NDArray[np.float32] | None) -> None:
        """Overwrite one row, or append it when `row` is the present size; None makes it blank.

        Raises InvalidArgument for a wrong dimension, NaN, infinity, components beyond 1e15 or the zero vector.
        """
        value = np.zeros(self.dimensions, np.float32) if vector is None else self._checked(vector)
        if row == self._size:
            self.extend(value[None, :])
            return
        self._held[row] = value
        self._comparable += (vector is not None) - int(self._filled[row])
        self._filled[row] = vector is not None
        self._has_changed(row)

    def extend(self, vectors: NDArray[np.float32]) -> None:
        """Append the rows of a matrix; zero rows are blank. Raises InvalidArgument for NaN or infinity."""
        _finite(vectors)
        end = self._size + len(vectors)
        if end > len(self._held):
            self._grow(end if not self._size else end + end // 8)
        self._held[self._size : end] = vectors
        filled = np.any(vectors != 0, axis=1)
        self._filled[self._size : end] = filled
        self._comparable += int(np.count_nonzero(filled))
        self._size = end

    def remove(self, row: int) -> None:
        """Forget one row; the last row takes its number."""
        last = self._size - 1
        self._comparable -= int(self._filled[row])
        self._held[row] = self._held[last]
        self._held[last] = 0
        self._filled[row], self._filled[last] = self._filled[last], False
        self._has_changed(row)
        self._has_changed(last)
        self._size = last

    def pack(self) -> None:
        """Pack all rows now; a search has it done beside, and compares all admitted rows meanwhile."""
        self._packing.pack(self.vectors(), self._grouped())

    def search(
        self,
        vector: NDArray[np.float32],
        k: int,
        admitted: NDArray[np.bool_] | None = None,
        *,
        exact: bool = False,
    ) -> tuple[Rows, NDArray[np.float32]]:
        """The k nearest of the admitted rows, best first, ties by row number; fewer when there are fewer.

        `exact`: compare all of them however many there are. Raises InvalidArgument for a vector that cannot be
        compared or a mask of another length.
        """
        query = self._checked(vector)
        mask, count = self._filled[: self._size], self._comparable
        if admitted is not None:
            mask = mask & self._mask(admitted)
            count = int(np.count_nonzero(mask))
        rows = None if exact or count <= self._few else self._likely(query, k, mask, count)
        return self._compared(query, np.flatnonzero(mask) if rows is None else rows, k)

    def _likely(self, query: Vector, k: int, mask: Mask, count: int) -> Rows | None:
        """Admitted rows among which the nearest are; None where comparing all of them costs less."""
        packed = self._ready()
        if packed is None:
            return None
        parts = packed.parts(mask, count)
        if count <= self._few + sum(part.size for part, _ in parts) // _SCANNED:
            return None
        found = self._scanned(packed, parts, query, k, mask)
        if found is None and any(part.rows is None for part, _ in parts):
            found = self._scanned(packed, packed.groups(mask, count), query, k, mask)
        if found is None:
            return None
        rest = np.concatenate([packed.changed_rows(), np.arange(packed.size, self._size)])
        return np.concatenate([found, self._admitted(rest, mask)])

    def _scanned(
        self, packed: Compressed, parts: Sequence[tuple[Part, int]], query: Vector, k: int, mask: Mask
    ) -> Rows | None:
        """Of parts, each with how many rows of it are admitted, those that did not change among which the nearest are;
        None where these are all.
        """
        near = [(part, self._nearest_of(packed, part, query, k, mask, admitted)) for part, admitted in parts]
        if all(rows is None for _, rows in near):
            return None
        return np.concatenate(
            [self._admitted(packed.unchanged(part), mask) if rows is None else rows for part, rows in near]
        )

    def _nearest_of(
        self, packed: Compressed, part: Part, query: Vector, k: int, mask: Mask, admitted: int
    ) -> Rows | None:
        """The nearest of a part, more and more of them until enough are admitted; None where to compare all of those
        costs less, or where the filter goes against the grain of the query, so that they may be anywhere.
        """
        if not part.depth:
            return None
        beyond_ten = max(0, min(_TIMES * (k - _TEN), _MORE + 2 * k))
        needed = max(_LEAST, part.depth) + beyond_ten * max(_DEEP, part.depth) // _DEEP
        # Twice as many as it should take, as no filter is spread evenly; of all rows but those that have changed.
        asked = 2 * needed * part.size // admitted if admitted < part.size else needed * 9 // 8
        if admitted <= needed + asked + part.size // _SCANNED:
            return None
        widest = max(WIDEST, needed)
        asked = min(widest, asked)
        near = packed.nearest(part, query, asked)
        while True:
            found = self._admitted(near, mask)
            if len(found) * part.size * _GRAIN < admitted * len(near):
                return None
            if len(found) >= needed or asked >= part.size:
                return found
            if asked == widest:
                return None
            asked = min(widest, asked * 4)
            near = packed.nearest(part, query, asked, everywhere=True)

    def _admitted(self, rows: Rows, mask: Mask) -> Rows:
        """Those of some rows that are there and that a mask admits."""
        there = rows[rows < self._size]
        return there[mask[there]]

    def _compared(self, query: Vector, rows: Rows, k: int) -> tuple[Rows, Vector]:
        """The k nearest of some rows by the vectors themselves, ties by row number."""
        similarities = products(self._held, query, rows)
        if len(rows) > k:
            least = np.partition(similarities, len(rows) - k)[len(rows) - k] if k > 0 else np.inf
            kept = similarities >= least
            rows, similarities = rows[kept], similarities[kept]
        order = np.lexsort((rows, -similarities))[:k]
        return rows[order], similarities[order]

    def _ready(self) -> Compressed | None:
        """The packed rows that are there, which are packed anew where too many are not what they were; None where
        there are none.
        """
        packed = self._packing.done
        stale = self._size if packed is None else packed.stale + self._size - packed.size
        if self._size >= self._packed_from and stale * _TAIL_PART > self._size:
            self._packing.pack_beside(self.vectors(), self._grouped())
        return packed

    def _grouped(self) -> NDArray[np.int64] | None:
        return None if self._groups is None else self._groups()

    def _has_changed(self, row: int) -> None:
        self._packing.changed(row)

    def _grow(self, capacity: int) -> None:
        held = np.zeros((capacity, self.dimensions), np.float32)
        filled = np.zeros(capacity, np.bool_)
        held[: self._size], filled[: self._size] = self.vectors(), self._filled[: self._size]
        self._held, self._filled = held, filled

    def _mask(self, admitted: NDArray[np.bool_]) -> NDArray[np.bool_]:
        if admitted.shape != (self.size,):
            raise InvalidArgument.field(
                "filter",
                "MASK_LENGTH",
                f"筛选掩码的长度应为 {self.size}",
                f"the mask of admitted rows must have {self.size} elements",
            )
        return admitted

    def _checked(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        if vector.shape != (self.dimensions,):
            raise InvalidArgument.field(
                "vector",
                "WRONG_DIMENSION",
                f"向量应为 {self.dimensions} 维，收到的形状是 {vector.shape}",
                f"the vector must have {self.dimensions} dimensions, its shape is {vector.shape}",
            )
        _finite(vector)
        if np.abs(vector).max(initial=0.0) > _LARGEST:
            raise InvalidArgument.field(
                "vector",
                "NOT_COMPARABLE",
                f"向量的分量不得超过 {_LARGEST:g}，否则乘积溢出",
                f"no component may exceed {_LARGEST:g}: the products would overflow",
            )
        if not vector.any():
            raise InvalidArgument.field(
                "vector", "ZERO_VECTOR", "零向量无法比较", "the zero vector cannot be compared"
            )
        return np.ascontiguousarray(vector, np.float32)


def _finite(vectors: NDArray[np.float32]) -> None:
    if not np.isfinite(vectors).all():
        raise InvalidArgument.field(
            "vector", "NOT_FINITE", "向量含有 NaN 或无穷大", "the vector holds NaN or infinity"
        )
