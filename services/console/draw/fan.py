"""A forecast as a fan: bands between quantiles, narrowing to what is known today."""

from collections.abc import Sequence
from dataclasses import dataclass

_FLAT = 1.0
"""The least range of values that fills the height."""


@dataclass(frozen=True, slots=True)
class Fan:
    """Paths of the outer and the inner band, the middle, and another line; `most` is the value at the top."""

    outer: str
    inner: str
    middle: str
    other: str
    most: float


def draw(
    today: float, quantiles: Sequence[Sequence[float]], other: Sequence[float], width: float, height: float
) -> Fan:
    """Quantiles are five rising numbers for each step after today; `other` has one more value, today's.

    All begin at the left with what is known today; zero lies at the bottom.
    """
    known = [[today] * 5, *quantiles]
    most = max(_FLAT, *(row[4] for row in known), *other)
    step = width / max(len(known) - 1, 1)

    def points(values: Sequence[float]) -> list[tuple[float, float]]:
        return [
            (round(at * step, 1), round(height * (1 - value / most), 1)) for at, value in enumerate(values)
        ]

    columns = [points([row[each] for row in known]) for each in range(5)]
    return Fan(
        _path([*columns[4], *reversed(columns[0])]) + "Z",
        _path([*columns[3], *reversed(columns[1])]) + "Z",
        _path(columns[2]),
        _path(points(other)),
        most,
    )


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points)
