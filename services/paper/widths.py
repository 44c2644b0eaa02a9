"""How wide the columns of a printed table are, and how large its type: no word lies over its neighbour."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from services.paper.values import room, unbroken

PAGE = 510.0
"""Points between the margins of a page that stands: 180 mm."""
_LETTER = 0.57
"""How wide a Latin letter is, of the size of the type, on average and in bold; a Chinese character is hardly two."""
_MOST = 44
"""Letters of the longest word that has a column as wide as itself."""
_WANTED = 90
"""Letters that a text wants at most: beyond that it stands in lines."""
_NAMED = 16
"""Letters of the first column, which names the row, that stay on one line rather than larger type."""
_SHORT = 10
"""Letters of a text, and one between, that stand on one line before longer ones get what is left."""
_LONG, _LOWER = 12, 0.7
"""Rows beyond which a table is long, and the part of its height that smaller type must bring it to."""
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
    what is left to the first, which says what a row is of. A long table is set smaller where that makes it much lower.
    """
    columns = list(zip(*rows, strict=True))
    least = [min(max(unbroken(each) for each in column), _MOST) + 1 for column in columns]
    wanted = [min(max(room(each) for each in column), _WANTED) + 1 for column in columns]
    named = [max(least[0], min(wanted[0], _NAMED)), *least[1:]]
    setting = _setting(named, wanted)
    if setting == _SMALLEST:
        named, setting = least, _setting(least, wanted)
    laid = _laid(named, wanted, *setting)
    if setting != _USUAL or len(rows) <= _LONG:
        return laid
    smaller = _laid(named, wanted, *_SMALLER)
    return smaller if _height(rows, smaller) < _LOWER * _height(rows, laid) else laid


def _laid(least: list[int], wanted: Sequence[int], size: float, inset: float) -> Widths:
    letters = _letters(len(least), size, inset)
    whole = [max(have, each if each <= _SHORT else 0) for each, have in zip(wanted, least, strict=True)]
    if sum(whole) <= letters:
        least = whole
    beyond = [max(each - have, 0) for each, have in zip(wanted, least, strict=True)]
    left = max(letters - sum(least), 0.0)
    part = min(left / (sum(beyond) or 1), 1.0)
    found = [have + part * more for have, more in zip(least, beyond, strict=True)]
    found[0] += max(letters - sum(found), 0.0)
    free = PAGE - 2 * inset * len(found)
    return Widths(size, inset, tuple(2 * inset + free * each / sum(found) for each in found))


def _height(rows: Sequence[Sequence[str]], laid: Widths) -> float:
    """About how high a table is, in points of its lines of type."""
    letters = [(each - 2 * laid.inset) / (laid.size * _LETTER) for each in laid.columns]
    lines = (max(ceil(room(cell) / have) for cell, have in zip(row, letters, strict=True)) for row in rows)
    return laid.size * sum(lines)


def _setting(least: Sequence[int], wanted: Sequence[int]) -> tuple[float, float]:
    """The largest type in which no word has to be broken, if there is one."""
    loose = sum(wanted) <= _letters(len(wanted), *_USUAL)
    tried = (_USUAL, _SMALLER, _SMALLEST) if loose or len(least) <= _WIDE else (_SMALLER, _SMALLEST)
    fits = (each for each in tried if sum(least) <= _letters(len(least), *each))
    return next(fits, _SMALLEST)


def _letters(columns: int, size: float, inset: float) -> float:
    """How many Latin letters stand beside each other in a row."""
    return (PAGE - 2 * inset * columns) / (size * _LETTER)
