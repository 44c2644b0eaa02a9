"""All items of one sort, with their columns, vectors and sparse rows kept in step row by row."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from services.matcher.corpus.said import Sayings
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import Columns
from services.matcher.domain.degrees import degrees
from services.matcher.domain.item import Item, ItemKind
from services.matcher.encode.encoder import Encoded, Encoder
from services.matcher.encode.sparse import COLUMNS
from services.matcher.index.sparse_rows import SparseRows
from services.matcher.index.vectors import VectorIndex

Rows = NDArray[np.int64]
Degrees = NDArray[np.int8]
PLACED = frozenset({ItemKind.PERSON, ItemKind.TEAM, ItemKind.FIRM})
"""Of whose texts scores read where they belong."""


class Population:
    """Items by id. A removed item leaves nothing but the number of its last version.

    `revision` grows with every change.
    """

    def __init__(self, codes: Codes, dimensions: int) -> None:
        self._codes = codes
        self._gone: dict[str, int] = {}
        self._ids: tuple[int, NDArray[np.object_]] | None = None
        self.revision = 0
        self.items: list[Item] = []
        self.row_of: dict[str, int] = {}
        self.columns = Columns.empty(codes)
        self.vectors = VectorIndex(dimensions, groups=self._industries)
        self.sparse = SparseRows(COLUMNS, groups=self._first_industries)

    @classmethod
    def of(
        cls, items: Sequence[Item], encoded: Encoded, codes: Codes, columns: Columns | None = None
    ) -> "Population":
        """Filled at once. The ids must differ. `columns`: those of the items, where they are known."""
        result = cls(codes, encoded.dense.shape[1])
        result.items = list(items)
        result.row_of = {item.id: row for row, item in enumerate(items)}
        result.columns = columns_with_text(items, encoded, codes) if columns is None else columns
        result.vectors = VectorIndex.of(encoded.dense, groups=result._industries)
        result.sparse = SparseRows.of(encoded.sparse, result._first_industries)
        return result

    def seen_as(self, items: Sequence[Item], columns: Columns | None = None) -> "Population":
        """The same rows under items that say something else beside the same texts. Good until the next change here:
        vectors and sparse rows are shared. `columns`: those of the items but for their texts, where they are known.
        """
        result = Population(self._codes, self.vectors.dimensions)
        result.items, result.row_of = list(items), self.row_of
        result.columns = Columns.of(items, self._codes) if columns is None else columns
        for name in ("text", "placed"):
            result.columns[name][:] = self.columns[name]
        result.vectors, result.sparse = self.vectors, self.sparse
        return result

    def _industries(self) -> Rows:
        """Of every row the industries as bits: filters by industry admit rows together that are alike in them."""
        return self.columns.integers("industries")

    def _first_industries(self) -> Rows:
        """The same, but for all but the first of each: so that there are few groups."""
        industries = self._industries()
        return industries & -industries

    @property
    def size(self) -> int:
        """Number of items."""
        return len(self.items)

    @property
    def ids(self) -> NDArray[np.object_]:
        """Of every row, as an array that nobody changes; made anew after a change."""
        if self._ids is None or self._ids[0] != self.revision:
            self._ids = self.revision, np.array([item.id for item in self.items], object)
        return self._ids[1]

    def admits(self, id_: str, version: int) -> bool:
        """Whether a change of this version is news."""
        row = self.row_of.get(id_)
        return version > (self._gone.get(id_, -1) if row is None else self.items[row].version)

    def remember(self, earlier: "Population") -> None:
        """Take over the last versions of items that are gone, so that late news of them stays late."""
        last = {**earlier._gone, **{item.id: item.version for item in earlier.items}, **self._gone}
        self._gone = {id_: version for id_, version in last.items() if id_ not in self.row_of}

    def put(self, items: Sequence[Item], encoder: Encoder, sayings: Sayings) -> None:
        """Add or replace items of different ids, encoded in one go. `sayings`: what is known of their texts.

        Raises InvalidArgument, and nothing is done, for codes the catalogue does not have.
        """
        texts = [item.text for item in items]
        if sayings.knows_any(texts):
            found = sayings.of(self._codes, texts, [item.kind in PLACED for item in items])
            encoded = encoder.encode(texts, found.counts)
            columns = columns_with_text(items, encoded, self._codes, found.placed)
        else:
            encoded = encoder.encode(texts)
            columns = columns_with_text(items, encoded, self._codes)
        self.revision += 1
        fresh = [number for number, item in enumerate(items) if item.id not in self.row_of]
        for number, item in enumerate(items):
            if item.id in self.row_of:
                self._replace(self.row_of[item.id], item, columns, encoded, number)
            self._gone.pop(item.id, None)
        self._append([items[number] for number in fresh], columns, encoded, np.array(fresh, np.int64))

    def _replace(self, row: int, item: Item, columns: Columns, encoded: Encoded, number: int) -> None:
        self.columns.put(row, columns, number)
        vector = encoded.dense[number]
        self.vectors.put(row, vector if vector.any() else None)
        self.sparse.put(row, encoded.sparse[[number]])
        self.items[row] = item

    def _append(self, items: Sequence[Item], columns: Columns, encoded: Encoded, numbers: Rows) -> None:
        if not items:
            return
        self.row_of |= {item.id: row for row, item in enumerate(items, start=self.size)}
        self.items.extend(items)
        self.columns.extend(columns, numbers)
        self.vectors.extend(encoded.dense[numbers])
        self.sparse.extend(encoded.sparse[numbers])

    def remove(self, id_: str, version: int) -> None:
        """Forget one item; unknown ids only have their version noted."""
        self._gone[id_] = version
        row = self.row_of.pop(id_, None)
        if row is None:
            return
        self.revision += 1
        self.columns.remove(row)
        self.vectors.remove(row)
        self.sparse.remove(row)
        last = self.items.pop()
        if last.id != id_:
            self.items[row] = last
            self.row_of[last.id] = row

    def rows(self, ids: Iterable[str]) -> Rows:
        """Row numbers of ids that are all present."""
        return np.array([self.row_of[id_] for id_ in ids], np.int64)

    def encoded(self, rows: Rows) -> Encoded:
        """The stored rows of some items."""
        return Encoded(self.vectors.vectors()[rows], self.sparse.matrix(rows))

    def similarity(
        self, queries: Encoded, rows: Rows | None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Sparse and dense similarity of queries with some rows, or with all: [queries, rows] each, exact."""
        vectors = self.vectors.vectors()
        dense = queries.dense @ (vectors if rows is None else vectors[rows]).T
        return self.sparse.dot(queries.sparse, rows), dense


def columns_with_text(
    items: Sequence[Item],
    encoded: Encoded,
    codes: Codes,
    placed: Degrees | None = None,
    columns: Columns | None = None,
) -> Columns:
    """Columns of the items, `text` telling which say anything, and `placed` what of. `placed`: that of their texts, if
    at hand; `columns`: all the others, which are completed then.
    """
    columns = Columns.of(items, codes) if columns is None else columns
    columns["text"][:] = encoded.present
    rows = [row for row, item in enumerate(items) if item.kind in PLACED]
    columns["placed"][rows] = (
        degrees(codes, [items[row].text for row in rows]) if placed is None else placed[rows]
    )
    return columns


def empty_encoding(dimensions: int) -> Encoded:
    """No rows."""
    return Encoded(np.zeros((0, dimensions), np.float32), csr_array((0, COLUMNS), dtype=np.float32))
