"""Rows of one file that speak of the same record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from services.kernel.errors import Violation
from services.kernel.text import Text
from services.workbook.sheets import SHEETS, Sheet
from services.workbook.tables import Row, Table

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """`same`: numbers of rows equal in every cell to an earlier one, with the number of that one. `conflicting`:
    violations by row number for rows that repeat an earlier row's natural key but say something else.
    """

    same: Mapping[int, int]
    conflicting: Mapping[int, Violation]


def find_duplicates(table: Table) -> Duplicates:
    """Compare the rows of a table by the natural key of its sheet; rows without a key are left out."""
    return SeenRows(SHEETS[table.sheet]).compare(table.rows)


@dataclass(slots=True)
class SeenRows:
    """The rows of a sheet seen so far, at 24 bytes a row: hash of the natural key, hash of the content, number.

    A row is compared with the first one of its key. Hashes have 64 bits: among 5,000,000 rows two different
    keys meet with a probability below one in a million.
    """

    sheet: Sheet
    _runs: list[Integers] = field(default_factory=list)

    def compare(self, rows: Sequence[Row]) -> Duplicates:
        """Which of these rows repeat each other or any row of an earlier call."""
        same: dict[int, int] = {}
        conflicting: dict[int, Violation] = {}
        first: dict[int, tuple[int, int]] = {}
        hashed = list(self._hashed(rows))
        earlier = self._earlier(np.array([key for key, _, _ in hashed], dtype=np.int64))
        for key, content, row in hashed:
            known = earlier.get(key) or first.get(key)
            if known is None:
                first[key] = (content, row.number)
            elif known[0] == content:
                same[row.number] = known[1]
            else:
                conflicting[row.number] = self._violation(row, known[1])
        self._keep(np.array([(key, *rest) for key, rest in first.items()], dtype=np.int64).reshape(-1, 3))
        return Duplicates(same, conflicting)

    def _hashed(self, rows: Sequence[Row]) -> Iterator[tuple[int, int, Row]]:
        natural = self.sheet.natural_key
        for row in rows:
            key = row.cells.get(natural, "")
            if key:
                yield hash(key.casefold()), hash(tuple(row.cells.values())), row

    def _earlier(self, keys: Integers) -> dict[int, tuple[int, int]]:
        """Content and number of the rows seen before that have one of these keys."""
        found: dict[int, tuple[int, int]] = {}
        for run in self._runs:
            at = np.minimum(np.searchsorted(run[:, 0], keys), len(run) - 1)
            for key, content, number in run[at[run[at, 0] == keys]].tolist():
                found[key] = (content, number)
        return found

    def _keep(self, added: Integers) -> None:
        """Add a sorted run; runs of like size are merged, so that there are few of them."""
        if not len(added):
            return
        self._runs.append(added[np.argsort(added[:, 0])])
        while len(self._runs) > 1 and len(self._runs[-2]) <= 2 * len(self._runs[-1]):
            merged = np.concatenate([self._runs.pop(), self._runs.pop()])
            self._runs.append(merged[np.argsort(merged[:, 0], kind="stable")])

    def _violation(self, row: Row, earlier: int) -> Violation:
        column = self.sheet.column(self.sheet.natural_key)
        value = row.cells[column.key]
        return Violation(
            column.header_zh,
            "DUPLICATE_REF",
            Text(
                f"{column.header_zh}“{value[:40]}”与第{earlier}行重复但内容不同，请保留一行",
                f"{value[:40]!r} stands in row {earlier} already with other content; keep one of the rows",
            ),
        )
