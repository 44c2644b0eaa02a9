"""Counts beside a list whose length is known: the small ones hidden, and no fewer than two of them."""

from collections.abc import Mapping


def shown(counts: Mapping[str, int], least: int) -> dict[str, int | None]:
    """The counts, None for those from 1 to below `least` and for the next larger ones until the hidden ones are at
    least two and sum to `least`: else the total would give them away. A lone count is its own total.
    """
    hidden = [code for code, count in counts.items() if 0 < count < least]
    others = sorted((code for code in counts if counts[code] >= least), key=lambda code: (counts[code], code))
    if hidden:
        while others and (len(hidden) < 2 or sum(counts[code] for code in hidden) < least):
            hidden.append(others.pop(0))
    return {code: None if code in hidden else count for code, count in counts.items()}
