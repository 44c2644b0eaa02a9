"""Months, quarters and years as people write them, read as the codes by which contracts name them."""

import re
import unicodedata
from datetime import date
from typing import Final

from services.kernel.errors import InvalidArgument

_NUMBERS: Final = {"一": "1", "二": "2", "三": "3", "四": "4", "1": "1", "2": "2", "3": "3", "4": "4"}
_QUARTER: Final = re.compile(
    r"(?P<year>\d{4}|\d{2})(?:年度?)?[-/._]?(?:q(?P<q>[1-4])|第?(?P<word>[一二三四1-4])季度?)"
)
_QUARTER_FIRST: Final = re.compile(r"q(?P<q>[1-4])[-/._,]?(?P<year>\d{4})")
_YEARLESS: Final = re.compile(r"q[1-4]|第?[一二三四1-4]季度?")
_MONTH: Final = re.compile(r"(?P<year>\d{4})年(?P<month>0?[1-9]|1[0-2])月份?")
_YEAR: Final = re.compile(r"(?P<year>\d{4})年度?")


def period_code(written: str, field: str) -> str:
    """`2026年三季度`, `2026年第3季度`, `2026-Q3`, `Q3 2026` → `2026Q3`; `2026年6月` → `2026-06`; `2026年度` → `2026`.

    What is none of these stays as it is written, for whoever takes it to judge. Raises InvalidArgument
    (PERIOD_WITHOUT_YEAR) on `field` for a quarter whose year is not said, or in two digits, of whatever century.
    """
    plain = "".join(unicodedata.normalize("NFKC", written).casefold().split())
    if found := _QUARTER.fullmatch(plain) or _QUARTER_FIRST.fullmatch(plain):
        said = found.groupdict()
        number = said["q"] or _NUMBERS[said["word"]]
        if len(said["year"]) != len("2026"):
            raise _without_year(written, field, f"20{said['year']}Q{number}")
        return f"{said['year']}Q{number}"
    if _YEARLESS.fullmatch(plain):
        raise _without_year(written, field, "2026Q3")
    if month := _MONTH.fullmatch(plain):
        return f"{month['year']}-{int(month['month']):02}"
    year = _YEAR.fullmatch(plain)
    return year["year"] if year else written.strip()


def quarter_code(day: date) -> str:
    """The code of the quarter that a day lies in, `2026Q3`."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def _without_year(written: str, field: str, example: str) -> InvalidArgument:
    return InvalidArgument.field(
        field,
        "PERIOD_WITHOUT_YEAR",
        f"“{written}”没有写明四位年份，请写全，如 {example}",
        f"{written!r} does not say the year in four digits; write it, as in {example}",
    )
