"""The curves that turn a value into s in [0, 1]."""

import math


def clamp(x: float) -> float:
    """X within [0, 1]."""
    return min(1.0, max(0.0, x))


def inv_log(x: float, low: float, high: float) -> float:
    """1 up to `low`, then clamp(1 - ln(x / low) / ln(high / low)): 0 from `high` on."""
    return 1.0 if x <= low else clamp(1.0 - math.log(x / low) / math.log(high / low))


def rounds_curve(rounds: int) -> float:
    """1, .85, .6, .25, .1, 0 for 0, 1, 2, 3, 4, 5 and more external rounds."""
    return (1.0, 0.85, 0.6, 0.25, 0.1, 0.0)[min(rounds, 5)]
