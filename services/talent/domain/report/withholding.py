"""The publication switch: tables that an installation keeps out of the public edition, with what tells their numbers.

A cell that stands in several tables is kept back in those that are named alone.
"""

from collections.abc import Collection
from dataclasses import replace

from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.paper.document import Document, Section, Table

TABLES = frozenset(
    {
        "by-city",
        "by-class",
        "by-industry",
        "calendar",
        "declarations",
        "determinations",
        "fund-flow",
        "fund-industries",
        "fund-policy",
        "goals-rules",
        "goals-stated",
        "industry-activity",
        "match-funnel",
        "match-reasons",
        "match-refusals",
        "matrix",
        "milestones",
        "moves-down",
        "moves-industries",
        "moves-stars",
        "moves-up",
        "policy-verbs",
        "programmes",
        "releases",
        "retention",
        "revisions",
        "stars",
        "statutory-tests",
        "symbols",
        "tightest-cells",
        "trend",
        "versions",
    }
)
"""The keys of all tables that a public edition may have."""
_DRAWN_FROM = {"industries": "by-industry", "cities": "by-city", "movements": "trend"}
"""By section the table that its charts show."""
_WITHHELD = Text(
    "按发布单位的决定，本表不在公开版中。",
    "By decision of the publisher this table is not part of the public edition.",
)
_SENTENCE = Text(
    "按发布单位的决定，此处所依据的表不在公开版中。",
    "By decision of the publisher the table that this would rest on is not part of the public edition.",
)


def named(keys: str) -> tuple[str, ...]:
    """The keys of a list with commas. Raises InvalidArgument (UNKNOWN_TABLE) with those that there are."""
    found = tuple(sorted({each.strip() for each in keys.split(",")} - {""}))
    unknown = [each for each in found if each not in TABLES]
    if unknown:
        known, wrong = ", ".join(sorted(TABLES)), unknown[0][:40]
        raise InvalidArgument.field(
            "withheld",
            "UNKNOWN_TABLE",
            f"没有表“{wrong}”，可选：{known}",
            f"there is no table {wrong!r}; choose from {known}",
        )
    return found


def withheld(document: Document, keys: Collection[str]) -> Document:
    """The document without what these tables say."""
    if not keys:
        return document
    return replace(document, sections=tuple(_without(each, keys) for each in document.sections))


def _without(section: Section, keys: Collection[str]) -> Section:
    charts = () if _DRAWN_FROM.get(section.key) in keys else section.charts
    said = tuple(_SENTENCE if lead in keys else text for text, lead in section.led)
    return replace(
        section, paragraphs=said, charts=charts, tables=tuple(_emptied(each, keys) for each in section.tables)
    )


def _emptied(table: Table, keys: Collection[str]) -> Table:
    return replace(table, rows=(), empty=_WITHHELD, note=None) if table.key in keys else table
