"""How wide the columns of a printed table are, and how large its type: no word lies over its neighbour."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.paper.values import room, unbroken

PAGE = 510.0
"""Points between the margins of a page that stands: 180 mm."""
_LETTER = 0.57
"""How wide a Latin letter is, of the size of the type, on average and in bold; a Chinese character is hardly two."""
_MOST = 44
"""Letters of the longest word that has a column as wide as itself."""
_WANTED = 90
"""Letters that a text wants at most: beyond that it stands in lines."""
_WIDE = 8
_USUAL, _SMALLER, _SMALLEST = (8.0, 3.0), (6.5, 3.0), (5.9, 1.8)
"""Points of the type, and between a cell's text and its edge. Tables with more columns than `_WIDE` are set smaller,
unless every text of theirs fits on one line; the smallest only where nothing else fits.
"""


@dataclass(frozen=True, slots=True)
class Widths:
    """Points of the type, of the space at a cell's sides, and of each column; together they are as wide as the page."""

    size: float
    inset: float
    columns: tuple[float, ...]


def widths(rows: Sequence[Sequence[str]]) -> Widths:
    """The widths of a table whose first row is its head: what cannot be broken first, then what each column wants, and
    what is left to the first, which says what a row is of.
    """
    columns = list(zip(*rows, strict=True))
    least = [min(max(unbroken(each) for each in column), _MOST) + 1 for column in columns]
    wanted = [min(max(room(each) for each in column), _WANTED) + 1 for column in columns]
    size, inset = _setting(least, wanted)
    letters = _letters(len(least), size, inset)
    beyond = [max(each - have, 0) for each, have in zip(wanted, least, strict=True)]
    left = max(letters - sum(least), 0.0)
    part = min(left / (sum(beyond) or 1), 1.0)
    found = [have + part * more for have, more in zip(least, beyond, strict=True)]
    found[0] += max(letters - sum(found), 0.0)
    free = PAGE - 2 * inset * len(found)
    return Widths(size, inset, tuple(2 * inset + free * each / sum(found) for each in found))


def _setting(least: Sequence[int], wanted: Sequence[int]) -> tuple[float, float]:
    """The largest type in which no word has to be broken, if there is one."""
    loose = sum(wanted) <= _letters(len(wanted), *_USUAL)
    tried = (_USUAL, _SMALLER, _SMALLEST) if loose or len(least) <= _WIDE else (_SMALLER, _SMALLEST)
    fits = (each for each in tried if sum(least) <= _letters(len(least), *each))
    return next(fits, _SMALLEST)


def _letters(columns: int, size: float, inset: float) -> float:
    """How many Latin letters stand beside each other in a row."""
    return (PAGE - 2 * inset * columns) / (size * _LETTER)
