"""Rows of a table that are no records: totals (合计), notes (注：…), and who filled the table in (填表人：…)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.kernel.text import Text
from services.workbook.columns import Kind, Sheet

_TOTAL = re.compile(
    r"(?:本页|本表|全省|全市|以上)?(?:[合小总總共累][计計]:?(?:[\d,.]*(?:人|名|家|个|项|户|支|条|万元|亿元|元)?)"
    r"|共[\d,]+(?:人|名|家|个|项|户|支|条))|(?:grand|sub)?total:?"
)
_NOTE = re.compile(
    r"(?:[备附]?注|(?:填[表报])?说明|填[表报](?:人|单位|日期)|制表(?:人|日期)?|[审复]核人?|notes?|remarks?)"
    r"[\d一二三四五六七八九十]{0,2}(?:[:.、)].*)?",
    re.DOTALL,
)
_BEGINNINGS = frozenset("本全以合小总總共累备注附说填制审复gGsStTnNrR")
_MARKS = "*＊※#([{（［【〔"
_BLANKS = re.compile(r"\s+")
_NUMBERS = frozenset({Kind.INTEGER, Kind.AMOUNT, Kind.RATIO})
_NUMBER = re.compile(r"[\d,.]+")
_NAMED = 20


@dataclass(slots=True)
class Aside:
    """The rows of a sheet that were told apart from its records as they were read: how many, and the first of them."""

    sheet: Sheet
    count: int = 0
    _first: list[int] = field(default_factory=list)

    def add(self, number: int) -> None:
        """One more, by its number."""
        self.count += 1
        if self.count <= _NAMED:
            self._first.append(number)

    def said(self) -> tuple[Text, ...]:
        """What the importer should know of them; nothing where there are none."""
        if not self.count:
            return ()
        zh, en = (mark.join(map(str, self._first)) for mark in ("、", ", "))
        more = self.count > _NAMED
        return (
            Text(
                f"“{self.sheet.title_zh}”表第{zh}{'等' if more else ''}行（共{self.count}行）"
                "是合计或说明，不是记录，未读入；其中如有记录，请填齐必填列",
                f"{self.count} rows of sheet {self.sheet.title_en} ({en}{' …' if more else ''}) are totals "
                "or notes and no records, and were not read; if one is a record, fill in its required columns",
            ),
        )


def is_aside(values: Sequence[str], cells: Mapping[str, str], sheet: Sheet) -> bool:
    """Whether a row is a total or a note. `values`: all of its cells; `cells`: those of known columns.

    It is one if it begins with the word for it, and says nothing in any column of words that a record must have (beside
    the one where that word stands, numbers and further notes), and nothing at all in one of them: such a row would be
    refused, so no record is ever set aside.
    """
    first = next((each for each in map(str.strip, values) if each), "")
    if first.lstrip(_MARKS)[:1] not in _BEGINNINGS or not _is_word(first):
        return False
    must = [each.key for each in sheet.columns if each.required and each.kind not in _NUMBERS]
    said = [text for key in must if (text := cells.get(key, "").strip())]
    others = [text for text in said if not _is_note(text) and _NUMBER.fullmatch(text) is None]
    return others in ([], [first]) and len(said) < len(must)


def _is_word(text: str) -> bool:
    return _TOTAL.fullmatch(_plain(text)) is not None or _is_note(text)


def _is_note(text: str) -> bool:
    return _NOTE.fullmatch(_plain(text)) is not None


def _plain(text: str) -> str:
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text.lstrip(_MARKS))).casefold().rstrip(")]】〕")
