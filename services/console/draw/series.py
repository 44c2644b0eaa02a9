"""A series with its band as paths: breaks where a value is missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Known: TypeAlias = tuple[float, float, float]
"""Value, lower and upper end."""


@dataclass(frozen=True, slots=True)
class Series:
    """The line, the band around it, and the points; in points of the drawing."""

    line: str
    band: str
    points: tuple[tuple[int, float, float], ...]
    """Which of the values, x and y."""


def draw(values: Sequence[Known | None], width: float, height: float, least: float, most: float) -> Series:
    """The values at equal steps over the width; `least` lies at the bottom."""
    step = width / max(len(values) - 1, 1)

    def y(value: float) -> float:
        return round(height - (value - least) / (most - least) * height, 1)

    runs = list(_runs(values))
    lines = [[(round(at * step, 1), y(known[0])) for at, known in run] for run in runs]
    bands = [
        [(round(at * step, 1), y(known[2])) for at, known in run]
        + [(round(at * step, 1), y(known[1])) for at, known in reversed(run)]
        for run in runs
    ]
    points = [(at, round(at * step, 1), y(known[0])) for run in runs for at, known in run]
    return Series(
        " ".join(_path(line) for line in lines), " ".join(_path(band) + "Z" for band in bands), tuple(points)
    )


def _runs(values: Sequence[Known | None]) -> Iterator[list[tuple[int, Known]]]:
    run: list[tuple[int, Known]] = []
    for at, known in enumerate(values):
        if known is None:
            if run:
                yield run
            run = []
        else:
            run.append((at, known))
    if run:
        yield run


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points)
