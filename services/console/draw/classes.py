"""Classes of a choropleth: as many shades as there are, with as many values in each."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

SHADES = 7


@dataclass(frozen=True, slots=True)
class Classes:
    """Lower limits of the classes, rising, and the greatest value: whole numbers, as values are written on the map.

    What is written alike is of one class, and no number is of two.
    """

    limits: tuple[int, ...]
    most: int

    def shade(self, value: float) -> int:
        """1 (lightest) to SHADES (darkest); never further from the lightest than the limits are apart, so that a
        difference of a point does not look like one of sixty.
        """
        at = max(bisect_right(self.limits, round(value)), 1) - 1
        spread = round(at * (SHADES - 1) / max(len(self.limits) - 1, 1))
        return 1 + min(spread, self.limits[at] - self.limits[0])

    @property
    def legend(self) -> list[tuple[int, str]]:
        """Shade and range of every class."""
        ends = [*(each - 1 for each in self.limits[1:]), self.most]
        return [
            (self.shade(low), f"{low}–{high}" if low < high else str(low))
            for low, high in zip(self.limits, ends, strict=True)
        ]


def classify(values: Iterable[float], count: int = SHADES) -> Classes | None:
    """Quantile classes of the values, fewer where their limits would be written alike; None without any."""
    ordered = sorted(map(round, values))
    if not ordered:
        return None
    cuts = [ordered[len(ordered) * each // count] for each in range(count)]
    return Classes(tuple(dict.fromkeys(cuts)), ordered[-1])
