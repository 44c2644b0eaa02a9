"""A forecast as a fan: what was, then bands between quantiles that open from what is known today."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

_FLAT = 1.0
"""The least range of values that fills the height."""
_APART = 11.0
"""How far two numbers at the end stand from each other, in points."""
Past: TypeAlias = tuple[float, float | None]
"""How many steps before today, and the value then; None where none is known."""
Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Number:
    """A value that is written beside the point where it stands."""

    x: float
    y: float
    value: float


@dataclass(frozen=True, slots=True)
class Fan:
    """Paths of the outer and the inner band, the middle, and another line. `past` leads to today, with a dot for each
    known value; `today` is written on it, `ends` at the right: the middle, and the outer band where there is room.
    """

    outer: str
    inner: str
    middle: str
    other: str
    past: str
    dots: tuple[Point, ...]
    today: Number
    ends: tuple[Number, ...]


def draw(
    today: float,
    quantiles: Sequence[Sequence[float]],
    other: Sequence[float],
    width: float,
    height: float,
    past: Sequence[Past] = (),
) -> Fan:
    """Quantiles are five rising numbers for each step after today; `other` has one more value, today's. `past` has the
    oldest first.

    The bands begin with what is known today; zero lies at the bottom.
    """
    known = [[today] * 5, *quantiles]
    before = max((steps for steps, _ in past), default=0.0)
    most = max(_FLAT, *(row[4] for row in known), *other, *(value for _, value in past if value is not None))
    step = width / max(before + len(known) - 1, 1)

    def point(steps: float, value: float) -> Point:
        return round((before + steps) * step, 1), round(height * (1 - value / most), 1)

    columns = [[point(at, row[each]) for at, row in enumerate(known)] for each in range(5)]
    led = [*past, (0.0, today)]
    dots = [point(-steps, value) for steps, value in led if value is not None]
    ends = [Number(*column[-1], known[-1][each]) for each, column in enumerate(columns)]
    return Fan(
        _path([*columns[4], *reversed(columns[0])]) + "Z",
        _path([*columns[3], *reversed(columns[1])]) + "Z",
        _path(columns[2]),
        _path([point(at, value) for at, value in enumerate(other)]),
        " ".join(_path([point(-steps, value) for steps, value in run]) for run in _runs(led)),
        tuple(dots),
        Number(*columns[2][0], today),
        tuple(each for each in ends[::2] if each is ends[2] or abs(each.y - ends[2].y) >= _APART),
    )


def _runs(past: Sequence[Past]) -> Iterator[list[tuple[float, float]]]:
    """Stretches without a gap, of two values or more."""
    run: list[tuple[float, float]] = []
    for steps, value in [*past, (0.0, None)]:
        if value is not None:
            run.append((steps, value))
            continue
        if len(run) > 1:
            yield run
        run = []


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points)
