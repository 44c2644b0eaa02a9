"""Packed rows are made beside the searches that want them, which compare the rows themselves until they are there: to
pack a million takes ten seconds.
"""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from services.kernel.side_by_side import beside
from services.matcher.index.compressed import Compressed

Vectors = NDArray[np.float32]
Groups = NDArray[np.int64]


class Packing:
    """The packed rows of an index, `done` last; None until some are."""

    def __init__(self) -> None:
        self.done: Compressed | None = None
        self._coming: Compressed | None = None

    def changed(self, row: int) -> None:
        """A row is not what it was any more."""
        for packed in (self._coming, self.done):  # in this order: what comes may be done in between
            if packed is not None:
                packed.changed(row)

    def pack(self, vectors: Vectors, groups: Groups | None) -> None:
        """Pack these rows now."""
        self._coming = Compressed(len(vectors))
        self._fill(self._coming, vectors, groups)

    def pack_beside(self, vectors: Vectors, groups: Groups | None) -> None:
        """Pack these rows in another thread, unless some are being packed; rows may change meanwhile, and are told
        to have changed.
        """
        if self._coming is None:
            self._coming = Compressed(len(vectors))
            beside(partial(self._fill, self._coming, vectors, groups))

    def _fill(self, coming: Compressed, vectors: Vectors, groups: Groups | None) -> None:
        try:
            coming.fill(vectors, groups)
            self.done = coming
        finally:
            self._coming = None
