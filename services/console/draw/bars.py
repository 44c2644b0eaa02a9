"""Signed bars from a common zero line, and spans on a scale."""

from collections.abc import Sequence
from dataclasses import dataclass

_NOTHING = 1e-9
"""Below this no bar is drawn longer than another."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle: from `x`, `width` wide; `negative` ones lie left of zero."""

    x: float
    width: float
    negative: bool


def signed_bars(values: Sequence[float], width: float) -> list[Bar]:
    """Bars of the values about a zero line that leaves room for the longest on either side."""
    least, most = min([0.0, *values]), max([0.0, *values])
    scale = width / (most - least) if most - least > _NOTHING else 0.0
    zero = -least * scale
    return [
        Bar(round(zero + min(value, 0.0) * scale, 1), round(abs(value) * scale, 1), value < 0)
        for value in values
    ]


def span(low: float, high: float, least: float, most: float, width: float) -> Bar:
    """An interval on a scale from `least` to `most`, cut at its ends."""
    scale = width / (most - least)
    left, right = (min(max(each, least), most) - least for each in (low, high))
    return Bar(round(left * scale, 1), round(max((right - left) * scale, 1.0), 1), False)
