"""How a value went through time: a line with its interval, and a gap where nothing is known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import TypeAlias

from services.kernel.text import Language
from services.paper.document import Chart, Mark
from services.paper.svg import label, said_of, svg

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BELOW = 640, 220, 40, 24, 18, 26
_STEP, _LEAST = 10, 20
"""Between two lines of the scale; the least that it spans."""
_EVEN, _WHOLE = 50, 100
Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """The part of 0 to 100 that the values need, in whole tens."""

    low: int
    high: int

    @classmethod
    def of(cls, marks: Sequence[Mark]) -> "Scale":
        """That of marks of which at least one has a value."""
        found = [each for mark in marks for each in (mark.low, mark.value, mark.high) if each is not None]
        low, high = floor(min(found) / _STEP) * _STEP, ceil(max(found) / _STEP) * _STEP
        if high - low < _LEAST:
            low = min(max(0, low - _STEP), _WHOLE - _LEAST)
            high = max(high, low + _LEAST)
        return cls(low, high)

    def y(self, value: float) -> float:
        """Where a value stands."""
        room = _HEIGHT - _TOP - _BELOW
        return round(_TOP + room * (self.high - value) / (self.high - self.low), 1)


def course(chart: Chart, language: Language) -> str:
    """The chart as an SVG element; it has at least one value."""
    return svg(chart, _WIDTH, _HEIGHT, _parts(chart, language), language)


def _parts(chart: Chart, language: Language) -> Iterator[str]:
    scale = Scale.of(chart.marks)
    for value in range(scale.low, scale.high + 1, _STEP):
        y, dash = scale.y(value), "" if value == _EVEN else ' stroke-dasharray="2 3"'
        yield f'<line x1="{_LEFT}" y1="{y:g}" x2="{_WIDTH - _RIGHT}" y2="{y:g}" stroke="#c3ccd4"{dash}/>'
        yield label(_LEFT - 8, y + 4, str(value), size=11, ink="#4b5b67", anchor="end")
    xs = _places(len(chart.marks))
    for run in _runs(list(zip(xs, chart.marks, strict=True))):
        yield from _run(run, scale)
    for x, mark in zip(xs, chart.marks, strict=True):
        yield label(x, _HEIGHT - 8, mark.name.to(language), size=11, ink="#4b5b67", anchor="middle")
        y = scale.y((scale.low + scale.high) / 2 if mark.value is None else mark.value)
        yield label(x, y - 9, said_of(mark, chart, language), around="#ffffff", anchor="middle", bold=True)


def _places(count: int) -> list[float]:
    """Where each time stands: in the middle of its share of the width."""
    room = (_WIDTH - _LEFT - _RIGHT) / count
    return [round(_LEFT + room * (at + 0.5), 1) for at in range(count)]


def _runs(placed: list[tuple[float, Mark]]) -> Iterator[list[tuple[float, Mark]]]:
    """Stretches without a gap."""
    run: list[tuple[float, Mark]] = []
    for x, mark in placed:
        if mark.value is not None:
            run.append((x, mark))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _run(run: list[tuple[float, Mark]], scale: Scale) -> Iterator[str]:
    value = [(x, scale.y(mark.value)) for x, mark in run if mark.value is not None]
    high = [(x, scale.y(mark.high)) for x, mark in run if mark.high is not None]
    low = [(x, scale.y(mark.low)) for x, mark in run if mark.low is not None]
    if len(run) > 1 and len(high) == len(low) == len(run):
        yield f'<path d="{_path([*high, *reversed(low)])}Z" fill="#fee0bb"/>'
    for (x, top), (_, bottom) in zip(high, low, strict=False):
        yield f'<line x1="{x:g}" y1="{top:g}" x2="{x:g}" y2="{bottom:g}" stroke="#b9661f"/>'
    if len(value) > 1:
        yield f'<path d="{_path(value)}" fill="none" stroke="#c24a14" stroke-width="2.5"/>'
    for x, y in value:
        yield f'<circle cx="{x:g}" cy="{y:g}" r="4" fill="#c24a14"/>'


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points)
