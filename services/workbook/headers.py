"""Which column is which: by name in either language, never by position."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from services.kernel.errors import InvalidArgument, Violation
from services.kernel.text import Text
from services.workbook.columns import Column, Sheet

_DECORATION = re.compile(r"[*＊\s]|[(（\[【].*?[)）\]】]")
MOST_NAMES = 512
"""More columns than any file may have."""
_LONGEST_NAME = 500
"""With its note and the other language."""
_SIMPLIFIED = str.maketrans(
    "編號類別願單職務簡介檔機郵證記錄據來員隊負責數發關閉崗技術統會碼業稱階總資產淨營業費發軟體權輪"
    "應異認繳規實財諾設續圍區筆評東佔項輯報擬額劃據開鎖態專實動為領歷",
    "编号类别愿单职务简介档机邮证记录据来员队负责数发关闭岗技术统会码业称阶总资产净营业费发软体权轮"
    "应异认缴规实财诺设续围区笔评东占项辑报拟额划据开锁态专实动为领历",
)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of a sheet are in a file: key to position, and what else the header row held."""

    positions: dict[str, int]
    unknown: tuple[str, ...]


def normalise(name: str) -> str:
    """The form in which headers are compared: NFKC, simplified characters, lower case, no marks or notes."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", name)).casefold().translate(_SIMPLIFIED)


def _forms(name: str) -> tuple[str, ...]:
    """What a header cell may be known by: all of it, or a line of it."""
    lines = name.splitlines()
    return (normalise(name), *(map(normalise, lines) if len(lines) > 1 else ()))


def _key(forms: Sequence[str], names: Mapping[str, str]) -> str | None:
    return next((names[form] for form in forms if form in names), None)


@cache
def _names(sheet: Sheet) -> dict[str, str]:
    return {
        normalise(name): column.key
        for column in sheet.columns
        for name in (column.key, column.header_en, column.header_zh)
    }


def key_of(name: str, sheet: Sheet) -> str | None:
    """The column that a header cell names; a second line (the other language) is only a help."""
    return _key(_forms(name), _names(sheet))


def recognised(cells: Sequence[str], *sheets: Sheet) -> int:
    """How many different columns of a sheet the cells name, of the one of which they name most; cells after the first
    hundreds, and such of hundreds of characters, are not looked at: what is no table may be a row of 30,000 cells, or
    one long one, for any separator.
    """
    forms = [_forms(cell) for cell in cells[:MOST_NAMES] if 0 < len(cell) <= _LONGEST_NAME]
    return max(len({_key(form, names) for form in forms} - {None}) for names in map(_names, sheets))


def match(cells: Sequence[str], sheet: Sheet) -> Header:
    """Match a header row; raises InvalidArgument listing every COLUMN_MISSING and DUPLICATE_COLUMN."""
    positions: dict[str, int] = {}
    unknown: list[str] = []
    violations: list[Violation] = []
    for position, cell in enumerate(cells):
        key = key_of(cell, sheet)
        if key in positions:
            violations.append(_duplicate(sheet, cell))
        elif key is not None:
            positions[key] = position
        elif cell.strip():
            unknown.append(cell.strip())
    lacking = [column for column in sheet.columns if column.required and column.key not in positions]
    violations.extend(missing(sheet, column, unknown) for column in lacking)
    if violations:
        raise InvalidArgument.of(*violations)
    return Header(positions, tuple(unknown))


def _duplicate(sheet: Sheet, cell: str) -> Violation:
    name = cell.strip().splitlines()[0]
    return Violation(
        name,
        "DUPLICATE_COLUMN",
        Text(
            f"“{sheet.title_zh}”表中“{name}”列出现两次，请保留一列",
            f"the column {name!r} appears twice in sheet {sheet.title_en}; keep one",
        ),
    )


def missing(sheet: Sheet, column: Column, unknown: Sequence[str]) -> Violation:
    """The violation of a required column that a file lacks; `unknown`: what else its header row holds."""
    zh, en = column.header_zh, column.header_en
    seen = "、".join(unknown[:10])
    hint = Text(f"；未识别的列：{seen}", f"; columns not recognised: {seen}") if unknown else Text("", "")
    return Violation(
        zh,
        "COLUMN_MISSING",
        Text(
            f"“{sheet.title_zh}”表缺少必需列“{zh}”{hint.zh}",
            f"sheet {sheet.title_en} lacks the required column {en} ({zh}){hint.en}",
        ),
    )
