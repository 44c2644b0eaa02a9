"""From the texts of one row to typed values, all violations of the row at once."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any, NoReturn, TypeAlias

from services.catalogue import Catalogue
from services.kernel.errors import InvalidArgument, Violation
from services.kernel.text import Text
from services.workbook import cells, contacts, lines, numbered, places
from services.workbook.columns import Column, Kind, Sheet
from services.workbook.tables import Row

Value: TypeAlias = str | int | bool | date | Fraction | tuple[Any, ...] | dict[str, Fraction] | None
_Reader = Callable[[str, Column], Value]
_EMPTY: Mapping[Kind, Value] = {
    **dict.fromkeys(
        (
            Kind.NAME,
            Kind.TEXT,
            Kind.IDENTIFIER,
            Kind.PHONE,
            Kind.EMAIL,
            Kind.REF,
            Kind.USCC,
            Kind.INDUSTRY,
            Kind.DEPARTMENT,
        ),
        "",
    ),
    **dict.fromkeys((Kind.REFS, Kind.CHOICES, Kind.CITIES, Kind.INDUSTRIES, Kind.HIRES, Kind.HEADS), ()),
    **dict.fromkeys((Kind.OTHER_NAMES, Kind.AFFILIATIONS, Kind.EDUCATION, Kind.WORK_ITEMS), ()),
}
_REPETITIVE = frozenset(Kind) - {
    Kind.REF,
    Kind.REFS,
    Kind.NAME,
    Kind.TEXT,
    Kind.IDENTIFIER,
    Kind.PHONE,
    Kind.EMAIL,
    Kind.USCC,
    Kind.AMOUNT,
    Kind.OTHER_NAMES,
    Kind.AFFILIATIONS,
    Kind.EDUCATION,
    Kind.WORK_ITEMS,
}
_REMEMBERED = 10_000


class RowReader:
    """Reads the rows of one sheet against one catalogue.

    What a column becomes: names, texts, refs, codes of directions, cities and categories, phones → str
    (empty: ""); integers → int; amounts → int fen; ratios → Fraction; dates → date; choices → code;
    yes/no → bool (empty: None); lists → tuple of codes (empty: ()); shares → dict of code to Fraction; lines of
    items → tuple of what `lines` makes of each; hires → tuple of (direction or "", category, heads);
    heads → tuple of (direction, heads).
    Equal cells of a column may yield the same object: what is read must not be changed.
    """

    def __init__(self, sheet: Sheet, catalogue: Catalogue) -> None:
        readers = _readers(catalogue)
        self._columns = [
            (column.key, column, _EMPTY.get(column.kind), _remembering(readers[column.kind], column))
            for column in sheet.columns
        ]

    def read(self, row: Row, today: date | None = None) -> dict[str, Value]:
        """The values by column key; raises InvalidArgument with every violation of the row. With `today`, a row that
        breaks any rule hears of days in the future too; alone they are left to the domain.
        """
        if row.problems:
            self._refuse(row, today)
        values: dict[str, Value] = {}
        cells_of = row.cells.get
        try:
            for key, column, empty, read in self._columns:
                text = cells_of(key)
                if text:
                    values[key] = read(text)
                elif column.required:
                    self._refuse(row, today)
                else:
                    values[key] = empty
        except InvalidArgument:
            self._refuse(row, today)
        return values

    def _refuse(self, row: Row, today: date | None) -> NoReturn:
        """Raise every violation of a row that has one."""
        violations = list(row.problems)
        unreadable = {problem.field for problem in row.problems}
        for key, column, _, read in self._columns:
            text = row.cells.get(key)
            try:
                if text:
                    value = read(text)
                    if column.past and today is not None and isinstance(value, date) and value > today:
                        violations.append(_ahead(column, value, today))
                elif column.required and column.header_zh not in unreadable:
                    violations.append(required(column))
            except InvalidArgument as error:
                if column.header_zh not in unreadable:
                    violations.extend(error.violations)
        raise InvalidArgument.of(*violations)


def _remembering(read: _Reader, column: Column) -> Callable[[str], Value]:
    """The reader of one column; where few different cells stand for many rows, it remembers what each is."""
    if column.kind in (Kind.NAME, Kind.TEXT):
        length = column.length
        return lambda text: text if len(text) <= length else read(text, column)
    if column.kind not in _REPETITIVE:
        return lambda text: read(text, column)
    known: dict[str, Value] = {}

    def recall(text: str) -> Value:
        value = known.get(text)
        if value is None:
            value = read(text, column)
            if len(known) < _REMEMBERED:
                known[text] = value
        return value

    return recall


def _ahead(column: Column, day: date, today: date) -> Violation:
    said = Text(
        f"日期 {day} 晚于今天 {today}，请更正", f"the date {day} is later than today ({today}); correct it"
    )
    return Violation(column.header_zh, "DATE_IN_FUTURE", said)


def required(column: Column) -> Violation:
    """The violation of a required cell that is empty."""
    return Violation(
        column.header_zh,
        "REQUIRED",
        Text(f"必填项“{column.header_zh}”为空，请填写", f"{column.header_en} is required; fill it in"),
    )


def _readers(catalogue: Catalogue) -> dict[Kind, _Reader]:
    return {**_plain_readers(), **_line_readers(), **_catalogue_readers(catalogue)}


def _plain_readers() -> dict[Kind, _Reader]:
    return {
        Kind.REF: lambda t, c: cells.identifier(t, field=c.header_zh, length=c.length),
        Kind.REFS: lambda t, c: cells.codes(
            cells.text(t, field=c.header_zh, length=c.length),
            field=c.header_zh,
            resolve=lambda part, field: cells.identifier(part, field=field),
        ),
        Kind.NAME: lambda t, c: cells.text(t, field=c.header_zh, length=c.length),
        Kind.TEXT: lambda t, c: cells.text(t, field=c.header_zh, length=c.length),
        Kind.IDENTIFIER: lambda t, c: contacts.id_number(t, field=c.header_zh),
        Kind.PHONE: lambda t, c: contacts.phone(t, field=c.header_zh),
        Kind.EMAIL: lambda t, c: contacts.email(t, field=c.header_zh),
        Kind.USCC: lambda t, c: contacts.uscc(t, field=c.header_zh),
        Kind.INTEGER: lambda t, c: cells.integer(
            t, field=c.header_zh, minimum=c.minimum, maximum=c.maximum, quoted=c.quoted
        ),
        Kind.YEAR: lambda t, c: cells.year(
            t, field=c.header_zh, minimum=c.minimum, maximum=c.maximum, quoted=c.quoted
        ),
        Kind.AMOUNT: lambda t, c: cells.amount(t, field=c.header_zh, minimum=c.minimum),
        Kind.RATIO: lambda t, c: cells.ratio(t, field=c.header_zh),
        Kind.DATE: lambda t, c: cells.date(t, field=c.header_zh),
        Kind.CHOICE: lambda t, c: cells.choice(t, field=c.header_zh, choices=c.choices),
        Kind.CHOICES: lambda t, c: cells.choices(t, field=c.header_zh, choices=c.choices),
        Kind.YES_NO: lambda t, c: cells.yes_no(t, field=c.header_zh),
    }


def _line_readers() -> dict[Kind, _Reader]:
    def reader(read: Callable[..., Value]) -> _Reader:
        return lambda t, c: read(cells.text(t, field=c.header_zh, length=c.length), field=c.header_zh)

    return {
        Kind.OTHER_NAMES: reader(lines.other_names),
        Kind.AFFILIATIONS: reader(lines.affiliations),
        Kind.EDUCATION: reader(lines.education),
        Kind.WORK_ITEMS: reader(lines.works),
    }


def _catalogue_readers(catalogue: Catalogue) -> dict[Kind, _Reader]:
    city = partial(places.resolve, catalogue.vocabulary_of_cities)
    return {
        Kind.DIRECTION: lambda t, c: catalogue.resolve_direction(t, c.header_zh),
        Kind.SHARES: lambda t, c: numbered.shares(
            cells.text(t, field=c.header_zh, length=c.length),
            field=c.header_zh,
            resolve=catalogue.resolve_direction,
        ),
        Kind.HIRES: lambda t, c: numbered.hires(
            cells.text(t, field=c.header_zh, length=c.length),
            field=c.header_zh,
            direction=catalogue.resolve_direction,
            category=catalogue.resolve_category,
        ),
        Kind.HEADS: lambda t, c: numbered.heads(
            cells.text(t, field=c.header_zh, length=c.length),
            field=c.header_zh,
            resolve=catalogue.resolve_direction,
            maximum=c.maximum,
        ),
        Kind.CATEGORY: lambda t, c: catalogue.resolve_category(t, c.header_zh),
        Kind.CITY: lambda t, c: city(t, c.header_zh),
        Kind.CITY_OR_OUTSIDE: lambda t, c: places.resolve(catalogue.vocabulary_of_places, t, c.header_zh),
        Kind.CITIES: lambda t, c: cells.codes(t, field=c.header_zh, resolve=city),
        Kind.INDUSTRY: lambda t, c: catalogue.resolve_industry(t, c.header_zh),
        Kind.DEPARTMENT: lambda t, c: catalogue.resolve_department(t, c.header_zh),
        Kind.INDUSTRIES: lambda t, c: cells.codes(t, field=c.header_zh, resolve=catalogue.resolve_industry),
    }
