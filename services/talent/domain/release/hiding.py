"""The pattern of a release: safe over all its tables jointly, exactly and by interval, beside the last one, and beside
the states of the public edition.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.lines import Lines, margins
from services.talent.domain.disclosure.patterns import Pattern
from services.talent.domain.disclosure.protection import Table
from services.talent.domain.disclosure.rules import EXACT_ONLY, Edition, Rules
from services.talent.domain.disclosure.steps import Shown, shown_as, step
from services.talent.domain.release.content import Row, Symbol
from services.talent.domain.shortage.counts.cube import Cube
from services.talent.domain.shortage.table import ShortageTable

Mask = NDArray[np.bool_]


def safe(table: ShortageTable, before: Mask) -> ShortageTable:
    """The table with the pattern of a release of its edition.

    It hides what live answers hide, so that a release beside them tells nothing more; the public edition hides what
    the internal one hides. `before`: the cells that the release before hid, flat, all False for the first one.
    """
    cube, rules = table.cube, table.patterns.rules
    published = margins(cube.axes)
    lines = Lines.of_axes(cube.axes, margins_only=True)
    hidden = table.for_edition(Edition.INTERNAL).pattern.hidden.ravel() & published
    hidden = _people(lines, cube, rules, Edition.INTERNAL, hidden, before)
    if table.edition is Edition.PUBLIC:
        hidden |= table.pattern.hidden.ravel() & published
        hidden = _people(lines, cube, rules, Edition.PUBLIC, hidden, before)
        hidden |= _demand(lines, cube, rules, hidden, before)
    whole = Pattern(
        table.edition, hidden.reshape(cube.axes.shape) | table.pattern.hidden, table.pattern.reach
    )
    return table.with_pattern(whole)


def beside(table: ShortageTable, states: Sequence[Shown]) -> ShortageTable:
    """The public table of a release with what has to be hidden besides because of states of the public edition that
    tell of the same cells. Cells that the release does not print are taken as printed: readers know less.
    """
    return shown_as(table, step(table, states, table.pattern)) if states else table


def hidden_by(rows: list[Row], axes: Axes) -> Mask:
    """The cells that a release hid, as a flat mask over axes that may have grown or shrunk since."""
    mask = np.zeros(axes.shape, bool)
    for row in rows:
        known = row.node in axes.node_at and row.city in axes.city_at and row.category in axes.category_at
        if row.symbol == Symbol.SUPPRESSED and known:
            mask[axes.node_at[row.node], axes.city_at[row.city], axes.category_at[row.category]] = True
    return mask.ravel()


def _people(lines: Lines, cube: Cube, rules: Rules, edition: Edition, start: Mask, before: Mask) -> Mask:
    least = rules.least(edition)
    small = rules.small_supply(cube, edition).ravel() & margins(cube.axes)
    return Table(lines, cube.persons.ravel(), least, width=least).protect_beside(small, before, start)


def _demand(lines: Lines, cube: Cube, rules: Rules, start: Mask, before: Mask) -> Mask:
    small = rules.concentrated_demand(cube, Edition.PUBLIC).ravel() & margins(cube.axes)
    least = rules.least(Edition.PUBLIC)
    exact = rules.version == EXACT_ONLY
    table = Table(lines, cube.demand.ravel(), least, width=None if exact else least, people=False)
    return table.protect_beside(small, before, start)
