"""Whom a search admits beside the gates: by its filter, widened where too few are left, and by what the caller sees."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from services.matcher.corpus.filtering import Among
from services.matcher.corpus.finding import Finder, Query
from services.matcher.corpus.population import Population
from services.matcher.corpus.taking import Taking
from services.matcher.domain.codes import Codes
from services.matcher.score.block import Mask
from services.matcher.service.broadening import Step
from services.matcher.service.counting import counted
from services.matcher.service.wanted import Chosen, Conditions

Enough = Callable[[Mask | None], bool]
"""Whether the filter need not be widened further when it admits these rows (None for all)."""


@dataclass(frozen=True, slots=True)
class Admission:
    """`rungs`: the rows after each step, from the filter as it was stated on; None for all. `seen`: those that the
    caller sees, likewise.
    """

    conditions: Conditions
    seen: Mask | None
    rungs: tuple[Mask | None, ...]

    @property
    def chosen(self) -> Chosen | None:
        """The rows after the last step; None for all."""
        return None if self.rungs[-1] is None else Chosen(self.rungs[-1])

    @property
    def among(self) -> Among:
        """The same for who asks about one of them."""
        return Among(self.conditions if self.conditions.stated else None, self.seen)

    def let_in_by(self, row: int) -> Step | None:
        """The step that let a row in that is admitted; None where it was none."""
        at = next(number for number, rows in enumerate(self.rungs) if rows is None or rows[row])
        return self.conditions.steps[at - 1] if at else None

    def counts(
        self, fields: Sequence[str], passing: Mask, population: Population, codes: Codes
    ) -> Mapping[str, Mapping[str, int]]:
        """Of each dimension how many of those that pass the gates have each value, its own condition left aside."""
        told = {}
        for field in fields:
            others = _rows(self.conditions.without(field), self.seen, population, codes)
            rows = passing if others is None else passing & others
            told[field] = counted(field, rows, population.columns, codes)
        return told


def admission(
    conditions: Conditions, seen: Mask | None, population: Population, codes: Codes, enough: Enough
) -> Admission:
    """The filter as it was stated, or after as many steps as it takes until enough are left, or after all."""
    rungs: list[Mask | None] = []
    ladder = conditions.ladder(codes)
    for each in ladder:
        rungs.append(_rows(each, seen, population, codes))
        if enough(rungs[-1]):
            break
    return Admission(ladder[len(rungs) - 1], seen, tuple(rungs))


def enough_pass(finder: Finder, kind: str, query: Query, taking: Taking, below: int) -> Enough:
    """Whether no fewer than `below` pass the gates and the rows and are likely enough to be taken."""
    if not below:
        return lambda _: True
    passing = finder.passing(kind, query)

    def enough(rows: Mask | None) -> bool:
        if np.count_nonzero(passing if rows is None else passing & rows) < below:
            return False
        if not taking.least:
            return True
        found, _ = finder.ranked(kind, query, below, None if rows is None else Chosen(rows))
        return len(taking.likely(found)) >= below

    return enough


def _rows(conditions: Conditions, seen: Mask | None, population: Population, codes: Codes) -> Mask | None:
    if not conditions.stated:
        return seen
    asked = conditions.mask(population.columns, codes)
    return asked if seen is None else asked & seen
