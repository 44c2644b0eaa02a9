"""The rows of one sheet of an XLSX file, read as they come: memory does not grow with the sheet."""

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Protocol
from xml.etree.ElementTree import Element

from services.kernel.errors import InvalidArgument, Violation
from services.kernel.text import Text
from services.workbook.cleaning import as_text
from services.workbook.number_formats import NUMBER, text_of
from services.workbook.parts import children, local, refuse
from services.workbook.shared_strings import text_within
from services.workbook.tables import Limits, RawRow

_TEXT_BUDGET = 512_000_000
_REMEMBERED = 1_000
_BLANKS = ("",) * 20_000
_LETTER = {letter: number for number, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1)}


class Texts(Protocol):
    """Shared texts by their numbers."""

    def __getitem__(self, number: int) -> str:
        """The text with a number."""
        ...


class SheetRows:
    """Turns the XML of a sheet into rows. `kinds`: what cells of each format hold; `texts`: the shared ones.

    Formulas yield the values stored with them.
    """

    def __init__(self, texts: Texts, kinds: Sequence[str], limits: Limits, *, since_1904: bool) -> None:
        self._texts, self._kinds, self._limits, self._since_1904 = texts, kinds, limits, since_1904
        self._spent = 0
        self._columns: dict[str, int] = {}

    def read(self, pieces: Iterator[bytes]) -> Iterator[RawRow]:
        """The rows, numbered as a spreadsheet shows them.

        Raises InvalidArgument: NOT_A_WORKBOOK, SHEET_TOO_LARGE, and ZIP_BOMB for a few texts repeated beyond all
        measure.
        """
        number = 0
        for row in children(pieces, "sheetData"):
            stated = row.get("r", "")
            number = int(stated) if stated.isdecimal() and len(stated) < 10 else number + 1
            if number > self._limits.rows + 20:
                raise self._too_large(number, 1)
            yield self._row(number, row)

    def _row(self, number: int, row: Element) -> RawRow:
        values: list[str] = []
        problems: list[Violation] = []
        at, most = 0, self._limits.columns
        for cell in row:
            at = self._column(cell.get("r")) or at + 1
            if at > most:
                raise self._too_large(number, at)
            kind = cell.get("t")
            text = self._text(kind, cell) if len(cell) else ""
            if kind == "e":
                problems.append(_error_value(f"{_letters(at)}{number}", text))
            if at > len(values):
                values += _BLANKS[len(values) : at - 1] if at > len(values) + 1 else ()
                values.append(text)
            else:
                values[at - 1] = text
        self._spend(sum(map(len, values)))
        return RawRow(number, values, tuple(problems))

    def _text(self, kind: str | None, cell: Element) -> str:
        """What a cell says; of a formula, what was stored with it."""
        if kind == "inlineStr":
            return "".join(text_within(each) for each in cell if local(each.tag) == "is")
        last = cell[-1]
        value = last.text if last.tag.endswith("v") else _stored(cell)
        if not value:
            return ""
        if kind == "s":
            return self._texts[int(value)] if value.isdecimal() and len(value) < 10 else ""
        if kind is None or kind == "n":
            return self._number(value, cell.get("s"))
        return as_text(value == "1") if kind == "b" else value.removesuffix("T00:00:00")

    def _column(self, reference: str | None) -> int:
        """The number of the column of `AB12`; 0 for none."""
        if not reference:
            return 0
        letters = reference.rstrip("0123456789")
        known = self._columns.get(letters)
        if known is None:
            known = _number_of(letters)
            if len(self._columns) < _REMEMBERED:
                self._columns[letters] = known
        return known

    def _number(self, value: str, stated: str | None) -> str:
        try:
            number = float(value)
        except ValueError:
            return value
        if not isfinite(number):
            return value
        at = int(stated) if stated and stated.isdecimal() and len(stated) < 10 else 0
        kind = self._kinds[at] if at < len(self._kinds) else NUMBER
        return as_text(number) if kind == NUMBER else text_of(number, kind, since_1904=self._since_1904)

    def _spend(self, characters: int) -> None:
        self._spent += characters
        if self._spent > _TEXT_BUDGET:
            raise refuse(
                "ZIP_BOMB",
                "少量文本被重复引用，展开后过大，已拒绝",
                "a few texts are repeated so often that the sheet would not fit; refused",
            )

    def _too_large(self, rows: int, columns: int) -> InvalidArgument:
        limits = self._limits
        return refuse(
            "SHEET_TOO_LARGE",
            f"工作表达{rows:,}行、{columns:,}列，上限{limits.rows:,}行、{limits.columns}列；请删除空白或拆分",
            f"the sheet spans {rows:,} rows and {columns:,} columns, at most {limits.rows:,} and "
            f"{limits.columns} are read; delete blank areas or split it",
        )


def _error_value(cell: str, value: str) -> Violation:
    return Violation(
        cell,
        "CELL_ERROR",
        Text(
            f"单元格 {cell} 是错误值 {value[:20]}，请改正公式或清空",
            f"the cell {cell} holds the error {value[:20]}; mend its formula or clear it",
        ),
    )


def _letters(column: int) -> str:
    found = ""
    while column:
        column, letter = divmod(column - 1, 26)
        found = chr(65 + letter) + found
    return found


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + _LETTER.get(letter, 0)
    return number


def _stored(cell: Element) -> str | None:
    """The value of a cell that has something behind it."""
    return next((each.text for each in cell if local(each.tag) == "v"), None)
