"""Numbers as they are shown beside their sum."""

import math
from collections.abc import Sequence


def that_add_up(values: Sequence[float], digits: int) -> list[float]:
    """The values rounded to so many digits after the point, each up or down, so that those shown add up to the rounded
    sum (largest remainder).
    """
    scale = 10**digits
    scaled = [value * scale for value in values]
    whole = [math.floor(value) for value in scaled]
    missing = round(math.fsum(scaled)) - sum(whole)
    by_remainder = sorted(range(len(values)), key=lambda at: whole[at] - scaled[at])
    for at in by_remainder[:missing]:
        whole[at] += 1
    return [value / scale for value in whole]
