"""Colours of a scale from 0 to 100 that stands still: equal values look alike in every document."""

from bisect import bisect_right
from itertools import pairwise

BOUNDS = (40.0, 50.0, 60.0, 70.0, 80.0)
_FILLS = ("#fff3e4", "#fee0bb", "#fdc78c", "#f9a35c", "#e9752f", "#c24a14")
_INKS = ("#2b1608", "#2b1608", "#2b1608", "#2b1608", "#1d0d03", "#ffffff")
NO_VALUE = ("#eceff1", "#4b5b67")


def shade(value: float | None) -> tuple[str, str]:
    """Fill and ink of a value; grey without one."""
    if value is None:
        return NO_VALUE
    at = bisect_right(BOUNDS, value)
    return _FILLS[at], _INKS[at]


def legend() -> list[tuple[str, str, str]]:
    """What each shade stands for, with its fill and ink."""
    ends = ["0", *(f"{each:g}" for each in BOUNDS), "100"]
    names = (f"{low}–{high}" for low, high in pairwise(ends))
    return [(name, fill, ink) for name, fill, ink in zip(names, _FILLS, _INKS, strict=True)]
