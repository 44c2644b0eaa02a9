"""What reading a file yields: tables of rows whose cells are still text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.kernel.errors import Violation
from services.kernel.text import Text
from services.workbook.no_records import Aside


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `number` is what a spreadsheet shows (1 is the first line of the file).

    `cells` holds a text for each column found in the file ("" for an empty cell). `problems` make the row
    unusable (it could not be read whole); `warnings` do not.
    """

    number: int
    cells: Mapping[str, str]
    problems: tuple[Violation, ...] = ()
    warnings: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one sheet. `columns` are the keys of the columns that the file has.

    A column that the file lacks says nothing about a record; an empty cell says that it is empty.
    """

    sheet: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    warnings: tuple[Text, ...] = ()

    @property
    def remarks(self) -> tuple[Text, ...]:
        """What is to be said of the table."""
        return self.warnings


@dataclass(frozen=True, slots=True)
class Workbook:
    """What was read of one file: tables by sheet key, form (xlsx or csv), encoding and separator of a CSV."""

    tables: Mapping[str, Table]
    form: str
    encoding: str | None = None
    warnings: tuple[Text, ...] = ()
    separator: str | None = None


@dataclass(frozen=True, slots=True)
class TableStream:
    """One sheet whose rows are read as they are asked for, once. `aside`: those that are no records."""

    sheet: str
    columns: tuple[str, ...]
    rows: Iterator[Row]
    warnings: tuple[Text, ...] = ()
    aside: Aside | None = None

    @property
    def remarks(self) -> tuple[Text, ...]:
        """The warnings, and what is to be said of the rows that were set aside so far."""
        return self.warnings if self.aside is None else (*self.warnings, *self.aside.said())


@dataclass(frozen=True, slots=True)
class WorkbookStream:
    """A file about to be read: as `Workbook`, with rows that come one by one. The file must stay open."""

    tables: Mapping[str, TableStream]
    form: str
    encoding: str | None = None
    warnings: tuple[Text, ...] = ()
    separator: str | None = None


@dataclass(frozen=True, slots=True)
class RawRow:
    """One line of a file before its columns are known: its number and its values as texts."""

    number: int
    values: Sequence[str]
    problems: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what is read, so that no file can exhaust the machine.

    `inflated_bytes` and `ratio` bound what an archive unpacks to, `archive_bytes` the archive itself; `rows` and
    `columns` bound a sheet of it, and `streamed_rows` a CSV. Both are read row by row.
    """

    rows: int = 200_000
    streamed_rows: int = 5_000_000
    archive_bytes: int = 64 * 1024 * 1024
    columns: int = 256
    entries: int = 10_000
    inflated_bytes: int = 200_000_000
    ratio: int = 100
    field_characters: int = 131_072
