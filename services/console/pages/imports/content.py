"""What the new and the refused rows of a file say, read from the file that waits for its commit.

A check keeps nothing of people who are not in the library, so the file alone can say it. Shown is what the policy
shows of a record without a stated purpose: reading one's own file leaves no line in the audit.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any, cast

from google.protobuf.descriptor import Descriptor

from bole.talent.v1 import evidence_pb2, move_pb2, person_pb2, position_pb2
from services.chassis.contract import is_name_masked, level_of
from services.chassis.policy import Clearance, Level, clearance
from services.chassis.redaction import mask_name
from services.console.web.visits import Upload, Visit
from services.console.words import Words
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.workbook.choices import YES_NO
from services.workbook.columns import Column, Kind
from services.workbook.reading import open_workbook
from services.workbook.rows import RowReader
from services.workbook.sheets import SHEETS
from services.workbook.tables import Row

_FIRST_ROWS = 20_000
"""Of a sheet: a page does not read a large file to its end."""
_LONGEST = 80
_FIRST_CELLS = 3

_OF_SOMEBODY: Mapping[str, tuple[Any, Mapping[str, str]]] = {
    "persons": (
        person_pb2.Person,
        {
            "ref": "source_ref",
            "name": "display_name",
            "category": "category_code",
            "city": "city_code",
            "mobility": "mobility_city_codes",
            "directions": "direction_shares",
            "title": "job_title",
            "id_number": "identity_number",
            "observed": "observed_date",
            "source_list": "source_ref",
        },
    ),
    "outcomes": (position_pb2.PositionOutcome, {"person": "person", "note": "note"}),
    "moves": (move_pb2.Move, {"person": "person", "note": "note"}),
    "evidence": (evidence_pb2.EvidenceRecord, {"person": "person"}),
}
"""Sheets that may tell of a person: the message whose levels count, and its fields where columns are called otherwise.

Every column of people has a level; of the other sheets only these columns tell of one.
"""


@dataclass(frozen=True, slots=True)
class Content:
    """A row: what it says by column, and the columns that are filled in but not shown."""

    said: Sequence[tuple[str, str]]
    hidden: Sequence[str]


def contents(
    visit: Visit, file: Upload, sheets: Sequence[str], rows: Iterable[Any]
) -> Mapping[tuple[str, int], Content]:
    """Of these rows, by sheet and number, of refused ones their first cells; nothing of rows that are far down a large
    file.

    `sheets`: those that the file has.
    """
    wanted: dict[str, set[int]] = {}
    refused = set()
    for row in rows:
        wanted.setdefault(row.sheet, set()).add(row.row)
        if row.problems:
            refused.add((row.sheet, row.row))
    only = sheets[0] if len(sheets) == 1 else None
    found = {}
    try:
        opened = open_workbook(BytesIO(file.data), filename=file.filename, sheet=only)
        for sheet, numbers in wanted.items():
            if sheet in opened.tables:
                shown = _Shown(visit, sheet)
                for read in islice(opened.tables[sheet].rows, _FIRST_ROWS):
                    if (sheet, read.number) in refused:
                        found[sheet, read.number] = shown.first_cells(read)
                    elif read.number in numbers:
                        found[sheet, read.number] = shown.content(read)
                    if read.number >= max(numbers):
                        break
    except InvalidArgument:  # the service could read it, and says itself what is wrong with a row
        return found
    return found


def code_read(words: Words, column: Column | None, said: str) -> str:
    """A value that the service gives by its code, in the reader's language; any other as it stands."""
    if not said or column is None:
        return said
    if column.kind in (Kind.CITY, Kind.CHOICE):
        return _read(words, column, said, said)
    if column.kind is Kind.SHARES:
        pairs = (each.partition(":") for each in said.split("；"))
        return _shares(words, column, {code: share for code, _, share in pairs})
    if column.kind is Kind.YES_NO:
        return _yes_no(words, column, said == "是")
    return said


class _Shown:
    """The rows of one sheet as the visitor may read them."""

    def __init__(self, visit: Visit, sheet: str) -> None:
        self._visit = visit
        self._sheet = SHEETS[sheet]
        self._reader = RowReader(self._sheet, visit.catalogue)
        self._words = Words(visit.catalogue, visit.language)
        assert visit.principal is not None  # noqa: S101 (only who is signed in has a file)
        self._cleared = clearance(visit.principal, None, visit.now)

    def content(self, row: Row) -> Content:
        """What a row says. Raises InvalidArgument for one that cannot be read."""
        values = self._reader.read(row)
        city = values.get("city")
        said, hidden = [], []
        for column in self._sheet.columns:
            text = row.cells.get(column.key)
            if not text or column.kind is Kind.AMOUNT:  # the service says of each amount how it was read
                continue
            title = self._visit.text(Text(column.header_zh, column.header_en))
            read = _read(self._words, column, values[column.key], text)
            shown = _masked(
                self._sheet.key, column, read, self._cleared, city if isinstance(city, str) else None
            )
            if shown is None:
                hidden.append(title)
            else:
                said.append((title, shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "…"))
        return Content(said, hidden)

    def first_cells(self, row: Row) -> Content:
        """The first cells of a row that is refused, as they are written, by which to find it in the file."""
        said = list[tuple[str, str]]()
        for column in self._sheet.columns:
            text = row.cells.get(column.key)
            shown = _masked(self._sheet.key, column, text, self._cleared, None) if text else None
            if shown is not None and len(said) < _FIRST_CELLS:
                said.append((self._visit.text(Text(column.header_zh, column.header_en)), shown[:_LONGEST]))
        return Content(said, ())


def _masked(sheet: str, column: Column, text: str, cleared: Clearance, city: str | None) -> str | None:
    """The text, the masked name, or None for what may not be shown."""
    message, names = _OF_SOMEBODY.get(sheet, (None, {}))
    if message is None or (sheet != "persons" and column.key not in names):
        return text
    field = cast(Descriptor, message.DESCRIPTOR).fields_by_name[names.get(column.key, column.key)]
    if Level.NOTHING < level_of(field) <= cleared.level(city):
        return text
    return mask_name(text) if is_name_masked(field) else None


def _read(words: Words, column: Column, value: Any, text: str) -> str:
    """A cell as it was understood, in the reader's language; a text as it stands."""
    read = _READ.get(column.kind)
    return text if read is None else read(words, column, value)


def _joined(words: Words, parts: Iterable[str]) -> str:
    return Text("、", ", ").to(words.language).join(parts)


def _shares(words: Words, _: Column, value: Mapping[str, Any]) -> str:
    if len(value) == 1:
        return words.direction(next(iter(value)))
    return _joined(
        words, (f"{words.direction(code)} {float(share) * 100:g}%" for code, share in value.items())
    )


def _heads(words: Words, _: Column, value: Iterable[tuple[str, int]]) -> str:
    return _joined(words, (f"{words.direction(code)} {heads}" for code, heads in value))


def _yes_no(words: Words, _: Column, value: bool) -> str:
    return words.choice(YES_NO, "YES" if value else "NO")


_READ: Mapping[Kind, Callable[[Words, Column, Any], str]] = {
    Kind.DIRECTION: lambda words, _, value: words.direction(value),
    Kind.SHARES: _shares,
    Kind.HEADS: _heads,
    Kind.CATEGORY: lambda words, _, value: words.category(value),
    Kind.CITY: lambda words, _, value: words.city(value),
    Kind.CITY_OR_OUTSIDE: lambda words, _, value: words.city(value),
    Kind.CITIES: lambda words, _, value: _joined(words, map(words.city, value)),
    Kind.INDUSTRIES: lambda words, _, value: _joined(words, map(words.industry, value)),
    Kind.YES_NO: _yes_no,
    Kind.INDUSTRY: lambda words, _, value: words.industry(value),
    Kind.DEPARTMENT: lambda words, _, value: words.department(value),
    Kind.CHOICE: lambda words, column, value: words.choice(column.choices, value),
    Kind.CHOICES: lambda words, column, value: _joined(
        words, (words.choice(column.choices, each) for each in value)
    ),
    Kind.DATE: lambda _, __, value: value.isoformat(),
}
