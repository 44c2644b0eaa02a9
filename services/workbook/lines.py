"""Cells that hold several items, one on each line, the parts of an item separated by `|`: what staff type in one cell.

    WANG Xiaoming | 拉丁转写
    演示研究院 | 研究员 | 2018-09 | 2021-06

Parts at the end may be left out; a part in the middle that is unknown stays empty.
"""

import calendar
import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from services.kernel.errors import InvalidArgument, Violation
from services.kernel.text import Text
from services.workbook import cells
from services.workbook.choices import DEGREE, NAME_KIND, WORK_KIND

T = TypeVar("T")
OtherName = tuple[str, str]
Affiliation = tuple[str, str, datetime.date | None, datetime.date | None]
Education = tuple[str, str, str, int | None]
Work = tuple[str, str, int | None, str]

FORMS = {
    "other_names": ("姓名 | 类型", "name | kind"),
    "affiliations": ("单位 | 职务 | 开始 | 结束", "employer | title | from | to"),
    "education": ("学校 | 学位 | 专业 | 毕业年份", "school | degree | subject | year"),
    "work_items": ("题名 | 类型 | 年份 | 链接", "title | kind | year | link"),
}
"""How a line of each of these columns reads, in Chinese and in English."""

_MOST_WRONG = 10
_BAR = re.compile(r"[|｜]")
_MONTH = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})月?")


def other_names(value: str, *, field: str) -> tuple[OtherName, ...]:
    """Names and the code of the kind of each, ALTERNATIVE unless stated. Raises BAD_LINE, UNKNOWN_CHOICE."""

    def read(name: str, kind: str) -> OtherName:
        return name, cells.choice(kind, field=field, choices=NAME_KIND) if kind else "ALTERNATIVE"

    return _items(value, field, "other_names", lambda parts: read(*parts))


def affiliations(value: str, *, field: str) -> tuple[Affiliation, ...]:
    """Employer, title, first and last day; a month stands for its first or its last day. Raises BAD_LINE, BAD_DATE."""

    def read(employer: str, title: str, since: str, until: str) -> Affiliation:
        return employer, title, _day(since, field, last=False), _day(until, field, last=True)

    return _items(value, field, "affiliations", lambda parts: read(*parts))


def education(value: str, *, field: str) -> tuple[Education, ...]:
    """School, code of the degree (NONE unless stated), subject, year. Raises BAD_LINE, UNKNOWN_CHOICE, BAD_INTEGER."""

    def read(school: str, degree: str, subject: str, year: str) -> Education:
        code = cells.choice(degree, field=field, choices=DEGREE) if degree else "NONE"
        return school, code, subject, _year(year, field)

    return _items(value, field, "education", lambda parts: read(*parts))


def works(value: str, *, field: str) -> tuple[Work, ...]:
    """Title, code of the kind (OTHER unless stated), year and link. Raises BAD_LINE, UNKNOWN_CHOICE, BAD_INTEGER."""

    def read(title: str, kind: str, year: str, link: str) -> Work:
        code = cells.choice(kind, field=field, choices=WORK_KIND) if kind else "OTHER"
        return title, code, _year(year, field), link

    return _items(value, field, "work_items", lambda parts: read(*parts))


def written(items: Sequence[Sequence[str]]) -> str:
    """Items as such a cell: empty parts at the end are left out."""
    lines = ("|".join(f" {part} " if part else " " for part in item) for item in items)
    return "\n".join(line.strip(" ").rstrip(" |") for line in lines)


def _items(value: str, field: str, form: str, read: Callable[[list[str]], T]) -> tuple[T, ...]:
    zh, en = FORMS[form]
    most = zh.count("|") + 1
    found: list[T] = []
    wrong: list[Violation] = []
    for number, line in enumerate(value.splitlines(), 1):
        parts = [part.strip() for part in _BAR.split(line)]
        if not any(parts):
            continue
        try:
            if not parts[0] or len(parts) > most:
                raise _bad_line(field, line, zh, en)
            found.append(read(parts + [""] * (most - len(parts))))
        except InvalidArgument as error:
            wrong += (_of_line(number, each) for each in error.violations)
        if len(wrong) >= _MOST_WRONG:
            break
    if wrong:
        raise InvalidArgument.of(*wrong)
    return tuple(found)


def _of_line(number: int, violation: Violation) -> Violation:
    """The same, with the line of the cell that is meant."""
    text = violation.text
    return replace(violation, text=Text(f"第{number}行：{text.zh}", f"line {number}: {text.en}"))


def _day(text: str, field: str, *, last: bool) -> datetime.date | None:
    if not text:
        return None
    month = _MONTH.fullmatch(text)
    if month is None or not 1 <= int(month[2]) <= 12:
        return cells.date(text, field=field)
    year, number = int(month[1]), int(month[2])
    return datetime.date(year, number, calendar.monthrange(year, number)[1] if last else 1)


def _year(text: str, field: str) -> int | None:
    return cells.year(text, field=field, minimum=1900, maximum=2100) if text else None


def _bad_line(field: str, line: str, zh: str, en: str) -> InvalidArgument:
    return InvalidArgument.field(
        field,
        "BAD_LINE",
        f"{field}“{cells.shown(line)}”应写成“{zh}”，每行一项，首项必填",
        f"{cells.shown(line)!r} must read {en}, one item on each line, the first part filled in",
    )
