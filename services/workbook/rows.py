"""From the texts of one row to typed values, all violations of the row at once."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from services.catalogue import Catalogue
from services.kernel.errors import InvalidArgument, Violation
from services.kernel.text import Text
from services.workbook import cells, contacts
from services.workbook.columns import Column, Kind, Sheet
from services.workbook.tables import Row

Value: TypeAlias = str | int | bool | date | Fraction | tuple[str, ...] | dict[str, Fraction] | None
_Reader = Callable[[str, Column], Value]
_EMPTY: Mapping[Kind, Value] = {
    **dict.fromkeys((Kind.NAME, Kind.TEXT, Kind.IDENTIFIER, Kind.PHONE, Kind.EMAIL, Kind.REF, Kind.USCC), ""),
    **dict.fromkeys((Kind.REFS, Kind.CHOICES, Kind.CITIES, Kind.INDUSTRIES), ()),
}


class RowReader:
    """Reads the rows of one sheet against one catalogue.

    What a column becomes: names, texts, refs, codes of directions, cities and categories, phones → str
    (empty: ""); integers → int; amounts → int fen; ratios → Fraction; dates → date; choices → code;
    yes/no → bool (empty: None); lists → tuple of codes (empty: ()); shares → dict of code to Fraction.
    """

    def __init__(self, sheet: Sheet, catalogue: Catalogue) -> None:
        self._sheet = sheet
        self._readers = _readers(catalogue)

    def read(self, row: Row) -> dict[str, Value]:
        """The values by column key; raises InvalidArgument with every violation of the row."""
        values: dict[str, Value] = {}
        violations = list(row.problems)
        for column in self._sheet.columns:
            try:
                values[column.key] = self._value(column, row.cells.get(column.key, ""))
            except InvalidArgument as error:
                if column.header_zh not in {problem.field for problem in row.problems}:
                    violations.extend(error.violations)
        if violations:
            raise InvalidArgument.of(*violations)
        return values

    def _value(self, column: Column, text: str) -> Value:
        if text:
            return self._readers[column.kind](text, column)
        if column.required:
            raise InvalidArgument.of(required(column))
        return _EMPTY.get(column.kind)


def required(column: Column) -> Violation:
    """The violation of a required cell that is empty."""
    return Violation(
        column.header_zh,
        "REQUIRED",
        Text(f"必填项“{column.header_zh}”为空，请填写", f"{column.header_en} is required; fill it in"),
    )


def _readers(catalogue: Catalogue) -> dict[Kind, _Reader]:
    return {**_plain_readers(), **_catalogue_readers(catalogue)}


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
        Kind.INTEGER: lambda t, c: cells.integer(t, field=c.header_zh, minimum=c.minimum, maximum=c.maximum),
        Kind.AMOUNT: lambda t, c: cells.amount(t, field=c.header_zh, minimum=c.minimum),
        Kind.RATIO: lambda t, c: cells.ratio(t, field=c.header_zh),
        Kind.DATE: lambda t, c: cells.date(t, field=c.header_zh),
        Kind.CHOICE: lambda t, c: cells.choice(t, field=c.header_zh, choices=c.choices),
        Kind.CHOICES: lambda t, c: cells.choices(t, field=c.header_zh, choices=c.choices),
        Kind.YES_NO: lambda t, c: cells.yes_no(t, field=c.header_zh),
    }


def _catalogue_readers(catalogue: Catalogue) -> dict[Kind, _Reader]:
    return {
        Kind.DIRECTION: lambda t, c: catalogue.resolve_direction(t, c.header_zh),
        Kind.SHARES: lambda t, c: cells.shares(
            cells.text(t, field=c.header_zh, length=c.length),
            field=c.header_zh,
            resolve=catalogue.resolve_direction,
        ),
        Kind.CATEGORY: lambda t, c: catalogue.resolve_category(t, c.header_zh),
        Kind.CITY: lambda t, c: catalogue.resolve_city(t, c.header_zh),
        Kind.CITY_OR_OUTSIDE: lambda t, c: catalogue.resolve_place(t, c.header_zh),
        Kind.CITIES: lambda t, c: cells.codes(t, field=c.header_zh, resolve=catalogue.resolve_city),
        Kind.INDUSTRIES: lambda t, c: cells.codes(t, field=c.header_zh, resolve=catalogue.resolve_industry),
    }
