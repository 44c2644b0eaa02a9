"""Charts as SVG that needs nothing beside it: every colour and font an attribute."""

from collections.abc import Iterator
from textwrap import wrap

from services.kernel.text import Language, Text
from services.paper.courses import course
from services.paper.document import Chart, Drawn, Mark
from services.paper.geography import Map
from services.paper.shades import legend, shade
from services.paper.svg import label, said_of, svg

_SCHEMATIC = Text("示意图，不作为划界依据", "a schematic, no basis for boundaries")
_NO_VALUE = Text("无指数", "no index")
_BAR, _GAP, _NAMES, _WIDTH, _ENDS = 20, 8, 230, 640, 60
_SCALE = 100.0
_LETTERS = 36
"""Letters of English that the column of names holds; Chinese names are shorter than the column."""


def picture(chart: Chart, drawn: Map, language: Language) -> str:
    """The chart as an SVG element."""
    if chart.drawn is Drawn.MAP:
        return _map(chart, drawn, language)
    return course(chart, language) if chart.drawn is Drawn.LINE else _bars(chart, language)


def _map(chart: Chart, drawn: Map, language: Language) -> str:
    drawing = drawn.drawing
    return svg(chart, drawing.width, drawing.height + 60, _map_parts(chart, drawn, language), language)


def _map_parts(chart: Chart, drawn: Map, language: Language) -> Iterator[str]:
    marks = {mark.code: mark for mark in chart.marks}
    known = [(area, marks[area.code]) for area in drawn.drawing.outlines if area.code in marks]
    for area, mark in known:
        yield f'<path d="{area.path}" fill="{shade(mark.value)[0]}" stroke="#ffffff" stroke-width="1.2"/>'
    for area, mark in known:
        x, y, (fill, ink) = *area.label, shade(mark.value)
        yield label(x, y - 3, mark.name.to(language), ink=ink, around=fill, anchor="middle")
        yield label(
            x, y + 11, said_of(mark, chart, language), ink=ink, around=fill, anchor="middle", bold=True
        )
    height = drawn.drawing.height
    unknown = [(_NO_VALUE.to(language), *shade(None))] if any(m.value is None for _, m in known) else []
    for at, (name, fill, ink) in enumerate([*legend(), *unknown]):
        yield f'<rect x="{at * 56}" y="{height + 8:g}" width="54" height="18" fill="{fill}" stroke="#dde3e8"/>'
        yield label(at * 56 + 27, height + 21, name, size=11, ink=ink, anchor="middle")
    number = drawn.approval_no
    said = Text(f"审图号：{number}", f"Map approval no. {number}") if number else _SCHEMATIC
    yield label(0, height + 46, said.to(language), size=11, ink="#4b5b67")


def _bars(chart: Chart, language: Language) -> str:
    height = len(chart.marks) * (_BAR + _GAP) + _GAP + 24
    parts = (part for at, mark in enumerate(chart.marks) for part in _bar(at, mark, chart, language))
    axis = _axis(height - 24)
    return svg(chart, _WIDTH, height, (each for whole in (axis, parts) for each in whole), language)


def _axis(bottom: float) -> Iterator[str]:
    for value in (0, 25, 50, 75, 100):
        x, dash = _x(value), "" if value == 50 else ' stroke-dasharray="2 3"'
        yield f'<line x1="{x:g}" y1="0" x2="{x:g}" y2="{bottom:g}" stroke="#c3ccd4"{dash}/>'
        yield label(x, bottom + 16, str(value), size=11, ink="#4b5b67", anchor="middle")


def _bar(at: int, mark: Mark, chart: Chart, language: Language) -> Iterator[str]:
    top = _GAP + at * (_BAR + _GAP)
    lines = _lines(mark.name.to(language))
    for line, said in enumerate(lines):
        down = 15 if len(lines) == 1 else 8 + 13 * line
        yield label(_NAMES - 8, top + down, said, size=12.5 if len(lines) == 1 else 11, anchor="end")
    if mark.value is not None:
        fill = shade(mark.value)[0]
        yield (
            f'<rect x="{_NAMES}" y="{top}" width="{_x(mark.value) - _NAMES:g}" height="{_BAR}" '
            f'fill="{fill}" stroke="#b9661f" stroke-width="0.6"/>'
        )
    if mark.low is not None and mark.high is not None:
        middle = top + _BAR / 2
        yield (
            f'<line x1="{_x(mark.low):g}" y1="{middle:g}" x2="{_x(mark.high):g}" y2="{middle:g}" '
            'stroke="#4b2c12" stroke-width="2"/>'
        )
    yield label(_WIDTH - 4, top + 15, said_of(mark, chart, language), anchor="end", bold=True)


def _lines(name: str) -> list[str]:
    """A name in one line, or broken in two at a space where it is too long for its column."""
    if len(name) <= _LETTERS or " " not in name:
        return [name]
    return wrap(name, max(_LETTERS, len(name) // 2 + 6), break_long_words=False)


def _x(value: float) -> float:
    return round(_NAMES + value / _SCALE * (_WIDTH - _NAMES - _ENDS), 1)
