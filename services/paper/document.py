"""A document as data, in both languages: what every form of it shows, and the digest of all of it.

Numbers stay numbers until a form writes them; `values.written` writes them for all forms alike.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import chain, repeat
from typing import Any, TypeAlias

from services.kernel.text import Text

_DECIMALS = 6
Value: TypeAlias = Text | str | int | float | None
"""A cell: words in both languages, a code or symbol, a number; None where nothing is known."""


@dataclass(frozen=True, slots=True)
class Column:
    """`digits`: decimals of its numbers, None for a column of words. `signed`: with plus or minus. `percent`: a share
    of 1, written in hundredths.
    """

    title: Text
    digits: int | None = None
    signed: bool = False
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows have a value for every column; the first one names the row. `empty`: said where there are no rows."""

    key: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    empty: Text
    note: Text | None = None

    def __post_init__(self) -> None:
        wrong = [row for row in self.rows if len(row) != len(self.columns)]
        if wrong:
            raise ValueError(f"{self.key}: {wrong[0]} does not fit {len(self.columns)} columns")


class Drawn(StrEnum):
    """How a chart is drawn."""

    MAP = "MAP"
    BARS = "BARS"
    LINE = "LINE"


@dataclass(frozen=True, slots=True)
class Mark:
    """One place, bar or time on a scale of 0 to 100; `said` stands in place of a value that is not there."""

    code: str
    name: Text
    value: float | None = None
    low: float | None = None
    high: float | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """What a picture shows; every number of it also stands in a table. The marks of a line are equally far apart in
    time, the oldest first.
    """

    drawn: Drawn
    title: Text
    digits: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Paragraphs come first, then charts, then tables. `leads`: of the first paragraphs the key of the table or section
    that each leads to, empty for none.
    """

    key: str
    title: Text
    paragraphs: tuple[Text, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    leads: tuple[str, ...] = ()

    @property
    def led(self) -> Iterator[tuple[Text, str]]:
        """Every paragraph with the key that it leads to."""
        return zip(self.paragraphs, chain(self.leads, repeat("")), strict=False)


@dataclass(frozen=True, slots=True)
class Document:
    """`facts`: what it rests on, by name. `mark`: stands on every page, of sample data for instance."""

    title: Text
    subtitle: Text
    facts: tuple[tuple[Text, Value], ...]
    sections: tuple[Section, ...]
    mark: Text | None = None

    @property
    def tables(self) -> Iterator[Table]:
        """All tables, in order."""
        return (table for section in self.sections for table in section.tables)

    @property
    def led_to(self) -> frozenset[str]:
        """The keys that paragraphs lead to."""
        return frozenset(lead for section in self.sections for lead in section.leads if lead)

    def name_of(self, key: str) -> Text:
        """The title of a table or section. Raises KeyError."""
        titles = {each.key: each.title for each in self.sections}
        return (titles | {each.key: each.title for each in self.tables})[key]


@dataclass(frozen=True, slots=True)
class Imprint:
    """What is said of a document beside its content: its name, how far it has come, who answers for it.

    `watermark`: stands on every page while it is not signed.
    """

    name: str
    lines: tuple[tuple[Text, Value], ...]
    watermark: Text | None = None


def digest(document: Document, head: Mapping[str, Any]) -> str:
    """SHA-256 over a head and the whole content in canonical form, in hex.

    Numbers count to the sixth decimal: the last bits of one belong to the machine that worked it out. What leads
    nowhere counts as it did before anything led anywhere.
    """
    whole = {"head": dict(head), "document": _steady(asdict(document))}
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _steady(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DECIMALS) + 0.0
    if isinstance(value, dict):
        return {name: _steady(each) for name, each in value.items() if each or name != "leads"}
    return [_steady(each) for each in value] if isinstance(value, list | tuple) else value
