"""How else an English term of several words is written: with its parts apart or hyphened (fuel-cell stack, solid
state battery), or two of them run into one where a line ended at the hyphen (fuel-⏎cell).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, product

_BETWEEN = re.compile(r"(?<=[a-z0-9])[ -](?=[a-z0-9])")
_ENDS, _BEGINS = re.compile(r"[a-z]{3}$"), re.compile(r"[a-z]{3}")
_MOST = 4
_APART = 3


def spellings(term: str) -> Iterator[str]:
    """Other spellings of a term in its normal form, each perhaps more than once; of none but English terms any.

    Two parts with a hyphen are not taken apart: inside-out and cell-free are terms, inside out and cell free are not.
    More than `_MOST` gaps are all written alike.
    """
    parts, between = _BETWEEN.split(term), _BETWEEN.findall(term)
    if not between:
        return
    for way in _ways(len(between)):
        if len(parts) >= _APART or "-" in way or " " in between:
            yield _joined(parts, way)
    for at, (before, after) in enumerate(pairwise(parts)):
        if _ENDS.search(before) and _BEGINS.match(after):
            yield _joined(parts, [*between[:at], "", *between[at + 1 :]])


def _ways(gaps: int) -> Iterator[Sequence[str]]:
    if gaps <= _MOST:
        yield from product(" -", repeat=gaps)
    else:
        yield from (sign * gaps for sign in " -")


def _joined(parts: Sequence[str], between: Sequence[str]) -> str:
    return parts[0] + "".join(sign + part for sign, part in zip(between, parts[1:], strict=True))
