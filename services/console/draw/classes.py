"""Classes of a choropleth: as many shades as there are, with as many values in each."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

SHADES = 7


@dataclass(frozen=True, slots=True)
class Classes:
    """Lower limits of the classes, rising; the first is the least value."""

    limits: tuple[float, ...]
    most: float

    def shade(self, value: float) -> int:
        """1 (lightest) to SHADES (darkest)."""
        at = max(bisect_right(self.limits, value), 1)
        return 1 + round((at - 1) * (SHADES - 1) / max(len(self.limits) - 1, 1))

    @property
    def digits(self) -> int:
        """The fewest digits after the point, three at most, with which all limits look different."""
        differ = (
            digits
            for digits in range(3)
            if len({f"{each:.{digits}f}" for each in self.limits}) == len(self.limits)
        )
        return next(differ, 3)

    @property
    def legend(self) -> list[tuple[int, float, float]]:
        """Shade, lower and upper limit of every class."""
        ends = [*self.limits[1:], self.most]
        return [(self.shade(low), low, high) for low, high in zip(self.limits, ends, strict=True)]


def classify(values: Iterable[float], count: int = SHADES) -> Classes | None:
    """Quantile classes of the values, fewer where values coincide; None without any."""
    ordered = sorted(values)
    if not ordered:
        return None
    cuts = [ordered[len(ordered) * each // count] for each in range(count)]
    return Classes(tuple(dict.fromkeys(cuts)), ordered[-1])
