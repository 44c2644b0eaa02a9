"""A small document, and how its forms are made in tests."""

import json
from functools import cache
from pathlib import Path

import services.paper
from services.kernel.text import Language, Text
from services.paper.document import (
    Chart,
    Column,
    Document,
    Drawn,
    Imprint,
    Mark,
    Section,
    Table,
)
from services.paper.forms import Form, made
from services.paper.geography import Map
from services.paper.outline import Drawing, Outline, draw

EVIL = "=1+1|<script>alert(1)</script>|#panic($x$)|*b*|_i_"


@cache
def province() -> Map:
    """The map that ships, its cities by their codes of the standard."""
    shipped = Path(services.paper.__path__[0]) / "data" / "jiangsu.geojson"
    drawing = draw(json.loads(shipped.read_text("utf-8"))["features"], 480.0)
    return Map(
        Drawing(drawing.width, drawing.height, tuple(Outline(*_of(each)) for each in drawing.outlines)), None
    )


def _of(outline: Outline) -> tuple[str, str, tuple[float, float]]:
    return outline.code, outline.path, outline.label


def table(**further: object) -> Table:
    """Numbers of every kind, and words that some program might take for its own."""
    columns = (
        Column(Text("单元格", "cell")),
        Column(Text("指数", "index"), 1),
        Column(Text("变化", "change"), 1, signed=True),
        Column(Text("人数", "heads"), 0),
        Column(Text("概率", "probability"), 0, percent=True),
    )
    rows = (
        (EVIL, 69.64, -1.25, 12345, 0.834),
        (Text("氢能 · 南通", "hydrogen · Nantong"), 0.04, -0.04, 0, 1.0),
        ("@SUM(A1)", "c", None, None, "z"),
    )
    return Table("t", Text("表一", "table one"), columns, rows, Text("无", "none"), Text("注", "note"))


def quarter(
    code: str, value: float | None = None, low: float | None = None, high: float | None = None, said: str = ""
) -> Mark:
    """One time of a line."""
    return Mark(code, Text(code, code), value, low, high, said)


COURSE = (
    quarter("2025Q2", 48.2, 44.0, 52.5),
    quarter("2025Q3", 51.0, 47.1, 55.0),
    quarter("2025Q4", said="–"),
    quarter("2026Q1", 57.4, 53.0, 61.6),
)
"""Four quarters, the third of which is not known."""


SENTENCES = Text("第一句。", "First."), Text(EVIL, EVIL), Text("第三句。", "Third.")


def document() -> Document:
    """Two sections, the first of which leads to what the other has; a map, bars, a line, a table with rows and one
    without.
    """
    marks = tuple(
        Mark(each.code, Text(f"市{each.code}", f"city {each.code}"), 30.0 + 4 * at, 20.0, 90.0)
        for at, each in enumerate(province().drawing.outlines[:12])
    )
    charts = (
        Chart(Drawn.MAP, Text("地图", "map"), 1, (*marks, Mark("320100", Text("无", "none"), said="c"))),
        Chart(Drawn.BARS, Text("条形 <&>", "bars <&>"), 0, marks),
        Chart(Drawn.LINE, Text("历季 <&>", "by quarter <&>"), 1, COURSE),
    )
    empty = Table("e", Text("空表", "empty"), table().columns, (), Text("没有数据。", "No data."))
    sections = (
        Section("one", Text("要点", "in short"), SENTENCES, charts, leads=("t", "", "two")),
        Section("two", Text("数据", "data"), tables=(table(), empty)),
    )
    facts = ((Text("截至", "as of"), "2026-06-30"),)
    return Document(Text("报告", "Report"), Text("二季度", "Q2"), facts, sections, Text("演示", "SYNTHETIC"))


IMPRINT = Imprint("reports/1", ((Text("签发", "signed by"), "cai"),), Text("草稿", "DRAFT"))


def file_of(form: Form, language: Language = "zh", of: Document | None = None) -> bytes:
    """A document in a form."""
    return made(of or document(), IMPRINT, province(), form, language)


@cache
def known(form: Form, language: Language = "zh") -> bytes:
    """The small document in a form, made once."""
    return file_of(form, language)
