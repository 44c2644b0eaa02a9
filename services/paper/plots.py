"""Charts as a spreadsheet program draws them itself: bars and lines with their intervals, and the map
as a grid of tiles.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from services.kernel.text import Language, Text
from services.paper.courses import Scale
from services.paper.document import Chart, Drawn, Mark
from services.paper.geography import TILES
from services.paper.running import WARNING
from services.paper.shades import legend, shade
from services.paper.svg import said_of

Words: TypeAlias = Callable[[Any, int, int, str], None]
"""Writes a text into a cell: page, line, column, text."""
_NAME_WIDTH, _WIDTH, _TILE_HEIGHT = 52, 13, 34
_HEADS = (
    Text("名称", "name"),
    Text("数值", "value"),
    Text("下限", "low"),
    Text("上限", "high"),
    Text("到上限", "to high"),
    Text("到下限", "to low"),
)
"""The last two are what the bars of an interval are as long as: not every program draws them from other than cells."""
_BESIDE = 6
"""Column where a chart stands, right of its numbers."""
_PIXELS_A_BAR, _PIXELS_AROUND, _LINES_A_CHART = 26, 90, 20
_INK = "#c24a14"
_A4 = 9
_LONGEST = 255
_TILED = Text("示意格网，不作为划界依据", "tiles in place of a map: no basis for boundaries")


@dataclass(frozen=True, slots=True)
class Edges:
    """What stands on every page of a workbook: what it is of, what to mind about it, and its name."""

    title: str
    marks: str
    name: str

    @property
    def head(self) -> str:
        """The head of a page as a spreadsheet program reads it; it takes 255 letters."""
        marks = f"&R&8&B&K{WARNING} {_literal(self.marks)}"
        return f"&L&8 {_literal(self.title)}"[: _LONGEST - len(marks)].rstrip("&") + marks


def printed(page: Any, edges: Edges, foot: str = "") -> None:
    """How a sheet is printed: on A4 across, as wide as the page, below what stands on every page, with `foot` or its
    name and the number of the page. A blank parts the size of the type from a text that begins with a number.
    """
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.set_header(edges.head)
    page.set_footer(f"&L&8 {_literal(foot) or '&A'}&C&8 {_literal(edges.name)}&R&8&P / &N")


def _literal(text: str) -> str:
    return text.replace("&", "&&")


def charts_sheet(language: Language) -> str:
    """What the sheet of the charts is called."""
    return "图" if language == "zh" else "Charts"


class Plots:
    """The sheet of a document's charts."""

    def __init__(self, book: Any, words: Words, language: Language, edges: Edges) -> None:
        self._book, self._words, self._language = book, words, language
        self._page = book.add_worksheet(charts_sheet(language))
        self._page.set_column(0, 0, _NAME_WIDTH)
        self._page.set_column(1, _BESIDE, _WIDTH)
        printed(self._page, edges)
        self._page.fit_to_pages(1, 1)
        self._plain = book.add_format({"quote_prefix": True})
        self._line = 0

    def add(self, chart: Chart) -> None:
        """Title, then the chart, below what is there already."""
        self._say(chart.title.to(self._language))
        if chart.drawn is Drawn.MAP:
            self._tiles(chart)
        else:
            self._numbers(chart)
        self._line += 2

    def _say(self, said: str) -> None:
        self._page.write_string(self._line, 0, said, self._plain)
        self._line += 1

    def _tiles(self, chart: Chart) -> None:
        top, last = self._line, 0
        for (column, row), mark in _placed(chart.marks):
            fill, ink = shade(mark.value)
            look = {
                "bg_color": fill,
                "font_color": ink,
                "border": 1,
                "border_color": "#ffffff",
                "text_wrap": True,
            }
            tile = self._book.add_format({**look, "align": "center", "valign": "vcenter"})
            said = f"{mark.name.to(self._language)}\n{said_of(mark, chart, self._language)}"
            self._page.set_row(top + row, _TILE_HEIGHT)
            self._page.write_string(top + row, 1 + column, said, tile)
            last = max(last, row)
        self._line = top + last + 1
        for at, (name, fill, ink) in enumerate(legend()):
            key = self._book.add_format({"bg_color": fill, "font_color": ink, "align": "center"})
            self._page.write_string(self._line, 1 + at, name, key)
        self._line += 1
        self._say(_TILED.to(self._language))

    def _numbers(self, chart: Chart) -> None:
        for at, head in enumerate(_HEADS):
            self._words(self._page, self._line, at, head.to(self._language))
        first = self._line + 1
        digits = self._book.add_format({"num_format": f"0.{'0' * chart.digits}" if chart.digits else "0"})
        for line, mark in enumerate(chart.marks, first):
            self._words(self._page, line, 0, mark.name.to(self._language))
            if mark.value is None:
                self._words(self._page, line, 1, said_of(mark, chart, self._language))
            for at, value in enumerate((mark.value, mark.low, mark.high), 1):
                if value is not None:
                    self._page.write_number(line, at, value, digits)
            reaches = _distance(mark.value, mark.high), _distance(mark.low, mark.value)
            for at, reach in enumerate(reaches, 4):
                if reach is not None:
                    self._page.write_number(line, at, reach, digits)
        last = first + len(chart.marks) - 1
        drawn = self._line_chart if chart.drawn is Drawn.LINE else self._bars
        said = {"description": chart.title.to(self._language)}
        self._page.insert_chart(first, _BESIDE, drawn(chart, first, last), said)
        self._line = max(last, first + _LINES_A_CHART) + 1

    def _bars(self, chart: Chart, first: int, last: int) -> Any:
        made = self._book.add_chart({"type": "bar"})
        colours = [{"fill": {"color": shade(each.value)[0]}} for each in chart.marks]
        made.add_series(self._series(chart, first, last) | {"points": colours, "gap": 40})
        self._framed(made, chart)
        made.set_x_axis({"min": 0, "max": 100})  # of bars, the axis of the values lies
        made.set_y_axis({"reverse": True, "crossing": "max"})
        made.set_size({"width": 720, "height": _PIXELS_AROUND + _PIXELS_A_BAR * len(chart.marks)})
        return made

    def _line_chart(self, chart: Chart, first: int, last: int) -> Any:
        made = self._book.add_chart({"type": "line"})
        look = {"line": {"color": _INK, "width": 2.25}, "marker": {"type": "circle", "size": 7}}
        made.add_series(self._series(chart, first, last) | look)
        self._framed(made, chart)
        scale = Scale.of(chart.marks)
        made.set_y_axis({"min": scale.low, "max": scale.high})
        made.set_size({"width": 720, "height": 320})
        return made

    def _series(self, chart: Chart, first: int, last: int) -> dict[str, Any]:
        sheet = self._page.get_name()
        return {
            "name": chart.title.to(self._language),
            "categories": [sheet, first, 0, last, 0],
            "values": [sheet, first, 1, last, 1],
            "y_error_bars": {
                "type": "custom",
                "plus_values": f"='{sheet}'!$E${first + 1}:$E${last + 1}",
                "minus_values": f"='{sheet}'!$F${first + 1}:$F${last + 1}",
            },
        }

    def _framed(self, made: Any, chart: Chart) -> None:
        made.set_title({"name": chart.title.to(self._language), "name_font": {"size": 12}})
        made.set_legend({"none": True})


def _placed(marks: tuple[Mark, ...]) -> Iterator[tuple[tuple[int, int], Mark]]:
    """Column and row of each mark; what has no tile of its own stands in rows below."""
    width = 1 + max(column for column, _ in TILES.values())
    below = 1 + max(row for _, row in TILES.values())
    others = 0
    for mark in marks:
        if mark.code in TILES:
            yield TILES[mark.code], mark
        else:
            yield (others % width, below + others // width), mark
            others += 1


def _distance(low: float | None, high: float | None) -> float | None:
    return None if low is None or high is None else high - low
