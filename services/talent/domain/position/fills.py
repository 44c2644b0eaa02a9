"""The dated fills of a position: pairs of a day and the heads filled on it, in the order of their record."""

from datetime import date

Fills = tuple[tuple[date, int], ...]


def counted(before: Fills, known: int, filled: int, on: date) -> Fills:
    """The fills after the count went from `known` to `filled`: more are of the day `on`, fewer undo the last."""
    if filled >= known:
        return before if filled == known else (*before, (on, filled - known))
    return shortened(before, filled)


def shortened(fills: Fills, total: int) -> Fills:
    """The first `total` heads."""
    kept: list[tuple[date, int]] = []
    left = total
    for day, heads in fills:
        taken = min(heads, left)
        if taken:
            kept.append((day, taken))
        left -= taken
    return tuple(kept)


def without(fills: Fills, heads: int, on: date) -> Fills:
    """The fills less so many heads: those of the day `on` first, then the latest ones."""
    left, kept = heads, list(fills)
    for wanted in (on, None):
        for at in reversed(range(len(kept))):
            day, count = kept[at]
            if wanted is None or day == wanted:
                taken = min(count, left)
                kept[at], left = (day, count - taken), left - taken
    return tuple((day, count) for day, count in kept if count)
