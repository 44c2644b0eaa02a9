"""The public edition of what services reported: small numbers hidden, so that none follows, and the rest rounded.

What was printed of a quarter before is printed again as it was, until so many more firms or people differ as a number
has to have behind it; and a number that was hidden then is not told by the difference. A year prints no further
numbers: it adds up what its quarters show.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.disclosure.lines import Family, Lines
from services.talent.domain.disclosure.protection import Table
from services.talent.domain.disclosure.rules import Rules
from services.talent.domain.report.returns import FEN_PER_WAN, Figure, Return
from services.talent.domain.report.sheets import Cell, Key, Line, Sheet, sheets

Mask = NDArray[np.bool_]
RULES = Rules()
AMOUNT_WAN = 1_000
"""What amounts are rounded to, in 万元: more than most single deals of an angel fund."""
_MILLI = 1_000


def published(found: Return, before: Return | None = None, rules: Rules = RULES) -> Return:
    """What a public edition prints of a return; `before`: what the one before printed of the same."""
    if before is not None and before.hidden is None:
        before = None
    figures: list[Figure] = []
    hidden: list[Key] = []
    for sheet in sheets(found.source, found.figures, rules):
        told, kept = _again(sheet, before, found.method, rules) or _anew(sheet, before, rules)
        figures += told
        hidden += kept
    return replace(found, figures=tuple(sorted(figures)), hidden=tuple(sorted(hidden)))


def _again(
    sheet: Sheet, before: Return | None, method: str, rules: Rules
) -> tuple[list[Figure], list[Key]] | None:
    """What was printed before, unless so much has changed that it can be printed anew. What the method of then did not
    count waits until then.
    """
    if before is None:
        return None
    hidden, printed = set(before.hidden or ()), {(code, of): value for code, of, value in before.figures}
    if before.method != method:
        codes = {code for code, _ in (*hidden, *printed)}
        hidden |= {key for key, cell in sheet.cells.items() if cell.count and key[0] not in codes}
    shown = [key for key, cell in sheet.cells.items() if cell.printed and key not in hidden]
    if not shown or any(_is_far(sheet, key, printed.get(key, 0), rules) for key in shown):
        return None
    names = {name for key in sheet.cells for name in (key, (f"{key[0]}_fen", key[1]))}
    told = [(*key, value) for key, value in printed.items() if key in names]
    return told, [key for key in sheet.cells if key in hidden]


def _is_far(sheet: Sheet, key: Key, printed: int, rules: Rules) -> bool:
    """Whether at least as many came or went as have to be behind a number, wherever a rounded one was rounded from."""
    slack = _base(key[0], rules) / 2 if printed else 0
    return abs(sheet.cells[key].count - printed) >= sheet.least * _unit(key[0]) + slack


def _anew(sheet: Sheet, before: Return | None, rules: Rules) -> tuple[list[Figure], list[Key]]:
    kept = frozenset(before.hidden or ()) if before is not None else None
    hidden = _Protecting(sheet, rules).hidden(kept)
    shown = [(key, cell) for key, cell in sheet.cells.items() if cell.printed and key not in hidden]
    return list(_figures(shown, rules)), sorted(hidden)


def _figures(shown: Iterable[tuple[Key, Cell]], rules: Rules) -> Iterator[Figure]:
    for (code, of), cell in shown:
        if cell.count:
            yield code, of, rounded(cell.count, _base(code, rules))
        if cell.amount and not code.endswith("_milli"):
            yield f"{code}_fen", of, rounded(cell.amount, AMOUNT_WAN * FEN_PER_WAN)


def rounded(number: int, base: int) -> int:
    """To the next multiple of a base, halves up."""
    return (2 * number + base) // (2 * base) * base


def _unit(code: str) -> int:
    return _MILLI if code.endswith("_milli") else 1


def _base(code: str, rules: Rules) -> int:
    return rules.base * _unit(code)


@dataclass(frozen=True)
class _Protecting:
    """A sheet in the terms of the disclosure control of the shortage map."""

    sheet: Sheet
    rules: Rules

    def hidden(self, before: frozenset[Key] | None) -> set[Key]:
        """The cells to hide: all, of numbers that contradict each other. Whatever was hidden `before` stays so, and
        complements are looked for among it first.
        """
        keys, cells = list(self.sheet.cells), self.sheet.cells.values()
        if not self.sheet.adds_up:
            return set(keys)
        table = Table(
            self._lines(keys),
            np.array([float(each.count) for each in cells]),
            self.sheet.least,
            self.sheet.least,
        )
        small = np.array([each.small for each in cells])
        known = np.array([before is not None and key in before for key in keys])
        while True:
            mask = table.protect(small) if before is None else table.protect_beside(small, known, known)
            found = {key for key, hides in zip(keys, mask, strict=True) if hides}
            further = self._betraying(found)
            if not further:
                return found
            small |= np.array([key in further for key in keys])

    def _lines(self, keys: list[Key]) -> Lines:
        place = {key: at for at, key in enumerate(keys)}
        families = tuple(
            Family(np.array([place[line.total]]), np.array([[place[part] for part in line.parts]]))
            for line in self.sheet.lines
        )
        return Lines(len(keys), families, np.zeros((0, 2), np.intp))

    def _betraying(self, hidden: set[Key]) -> set[Key]:
        """What has to be hidden too, because the hidden parts of a shown total are nearly all of two firms."""
        return {key for line in self.sheet.lines if (key := self._of_line(line, hidden)) is not None}

    def _of_line(self, line: Line, hidden: set[Key]) -> Key | None:
        cells = self.sheet.cells
        inside = [cells[part] for part in line.parts if part in hidden]
        amount = sum(each.amount for each in inside)
        largest = sorted((each for cell in inside for each in cell.largest), reverse=True)[:2]
        if line.total in hidden or not amount or sum(largest) <= self.rules.top_two_share * amount:
            return None
        shown = [part for part in line.parts if part not in hidden and cells[part].count]
        return min(shown, key=lambda part: cells[part].amount, default=line.total)
