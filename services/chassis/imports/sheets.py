"""The rows of a sheet on their way in: read chunk by chunk, judged one by one, written together.

An import of any size takes the memory of two chunks.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from types import TracebackType
from typing import Any, Protocol, Self

from services.catalogue import Catalogue
from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.importing import Tally
from services.chassis.imports.outcomes import Outcome
from services.kernel.errors import BoleError, InvalidArgument
from services.workbook.choices import ORIGIN, find
from services.workbook.duplicates import Duplicates, SeenRows
from services.workbook.rows import RowReader
from services.workbook.sheets import SHEETS
from services.workbook.tables import Row, TableStream

CHUNK = 1_000
Values = Mapping[str, Any]
Heard = Callable[[int], None]
"""Is told how many rows have been read so far."""


@dataclass(slots=True)
class Judged:
    """A good row: its number, what it amounts to (None: known already), of which record, and how that was before.
    `beside`: what a sheet keeps of the row until it is written.
    """

    row: int
    kind: RowOutcome | None
    subject: Any = None
    before: Mapping[str, Any] | None = None
    beside: Any = None


class Rows(Protocol):
    """The rows of one sheet, chunk by chunk: `begin`, `judge` each, then `write`."""

    def begin(self, chunk: Sequence[Row]) -> None:
        """Look up what is known of these rows."""
        ...

    def judge(self, row: int, values: Values) -> Judged:
        """What a row amounts to. Raises BoleError for a row that is refused."""
        ...

    def write(self, judged: Sequence[Judged]) -> list[Outcome]:
        """Keep what is new or changed, and tell of it; the outcome of each row that is."""
        ...


class TakenSheet(Protocol):
    """A sheet that takes chunks: each is looked at before the one ahead of it is written."""

    def look(self, chunk: list[Row]) -> Any:
        """What can be told of a chunk before it is its turn."""
        ...

    def take(self, looked: Any) -> list[Outcome]:
        """Write a chunk that was looked at; what became of the rows that are not the same as before."""
        ...


def refs_of(chunk: Sequence[Row]) -> list[str]:
    """The source numbers that rows name."""
    return [ref for row in chunk if (ref := row.cells.get("ref", ""))]


def synthetic_rows(chunk: Sequence[Row]) -> int:
    """How many rows say in their own words that they are sample data."""
    said = Counter(row.cells.get("origin", "") for row in chunk)
    return sum(
        rows
        for words, rows in said.items()
        if (known := find(ORIGIN, words)) is not None and known.code == "SYNTHETIC"
    )


def take_all(
    table: TableStream, sheet: TakenSheet, tally: Tally, done: Callable[[list[Outcome]], None]
) -> None:
    """Take the rows of a sheet chunk by chunk, each while the next one has been looked at."""
    ahead: Any = None
    tally.read(table.sheet)
    while chunk := list(islice(table.rows, CHUNK)):
        tally.synthetic(table.sheet, synthetic_rows(chunk))
        looked = sheet.look(chunk)
        if ahead is not None:
            done(sheet.take(ahead))
        ahead = looked
    if table.aside is not None:
        tally.aside(table.sheet, table.aside.count)
    if ahead is not None:
        done(sheet.take(ahead))


class JudgedSheet:
    """A sheet whose rows are judged one by one. `headers`: the names of the domain as headers of the sheet; `today`:
    the day on which they are judged.
    """

    def __init__(
        self,
        name: str,
        catalogue: Catalogue,
        rows: Rows,
        tally: Tally,
        headers: Mapping[str, str],
        today: date,
    ) -> None:
        self._name, self._rows, self._tally, self._headers = name, rows, tally, headers
        self._today = today
        self._reader, self._seen = RowReader(SHEETS[name], catalogue), SeenRows(SHEETS[name])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held."""

    def look(self, chunk: list[Row]) -> tuple[list[Row], Duplicates]:
        """The chunk, with the rows in it that repeat others."""
        return chunk, self._seen.compare(chunk)

    def take(self, looked: tuple[list[Row], Duplicates]) -> list[Outcome]:
        """Judge and write one chunk; what became of the rows that are not the same as before."""
        chunk, repeated = looked
        self._rows.begin(chunk)
        judged: list[Judged] = []
        refused: list[Outcome] = []
        for row in chunk:
            if row.number in repeated.same:
                self._tally.same(self._name)
                continue
            try:
                values = self._reader.read(row, self._today)
                if row.number in repeated.conflicting:
                    raise InvalidArgument.of(repeated.conflicting[row.number])
                judged.append(self._rows.judge(row.number, values))
            except BoleError as error:
                refused.append(self._refuse(row.number, error))
        self._count(judged)
        return [*self._rows.write(judged), *refused]

    def _refuse(self, row: int, error: BoleError) -> Outcome:
        named = error.renamed(self._headers)
        self._tally.refused(self._name, row, named)
        return Outcome.refused(row, named)

    def _count(self, judged: list[Judged]) -> None:
        count = {RowOutcome.NEW: self._tally.created, RowOutcome.CHANGED: self._tally.changed}
        for each in judged:
            (count[each.kind] if each.kind is not None else self._tally.same)(self._name)
