"""Line breaks for Chinese and Latin text in narrow columns: between ideographs, never before closing marks."""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

_CLOSING = frozenset("，。；：、？！）》】」』”’%‰…—·,.;:?!)]}")
_OPENING = frozenset("（《【「『“‘([{")
_BREAK_AFTER = frozenset(" –/")
LEAST_CELLS = 8
"""To which a text may be broken."""
JOINER = "\u2060"
"""Keeps what stands on both sides on one line, and is not shown."""


class Wrapped:
    """A cell that is as wide as its column allows and loses nothing."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self.text.split("\n", allow_blank=True):
            for part in line.divide(breaks(line.plain, options.max_width)):
                part.rstrip()
                shown = Text(part.plain.replace(JOINER, ""), style=part.style, no_wrap=True)
                yield shown if JOINER in part.plain else part

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = max((cell_len(line) for line in self.text.plain.split("\n")), default=0)
        return Measurement(min(widest, LEAST_CELLS), widest).with_maximum(options.max_width)


def breaks(line: str, width: int) -> list[int]:
    """Offsets at which `line` is cut so that no piece is wider than `width` cells (2 for an ideograph).

    A piece without a good place to break is cut where it is full.
    """
    return list(_breaks(line, max(width, 2)))


def _breaks(line: str, width: int) -> Iterator[int]:
    start, good, used = 0, 0, 0
    for at, char in enumerate(line):
        used += cell_len(char)
        while used > width and char != " ":
            start = good if good > start else at
            yield start
            used = cell_len(line[start : at + 1])
        if at + 1 < len(line) and _may_break(char, line[at + 1]):
            good = at + 1


def _may_break(before: str, after: str) -> bool:
    if JOINER in (before, after) or after in _CLOSING or before in _OPENING or after == " ":
        return False
    return before in _BREAK_AFTER or cell_len(before) == 2 or cell_len(after) == 2
