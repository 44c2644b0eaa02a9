"""A map of which only the changed cells were worked out anew is the map worked out as a whole, to the last digit."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.talent.domain.people.availability import Ageing
from services.talent.domain.shortage.counts.cube import Cells, Cube, History
from services.talent.domain.shortage.counts.employers import Concentration, concentrate, sizes_of
from services.talent.domain.shortage.counts.flows import Flow
from services.talent.domain.shortage.counts.rollup import roll_up, roll_up_again, touched
from services.talent.domain.shortage.counts.tally import Counted, Reckoning, Tally
from services.talent.domain.shortage.indices.priors import Priors
from services.talent.domain.shortage.indices.stars import Belief
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.table import ShortageTable
from tests.unit.talent.drawn import FLOWS, PEOPLE, POSTINGS
from tests.unit.talent.library import AXES, TODAY, posting, supplied
from tests.unit.talent.maps import assert_same_map
from tests.unit.talent.shortage_cells import quarter_ends

QUARTERS = 5
_CHANCE = np.random.default_rng(7)
HISTORY = History(
    quarter_ends(QUARTERS),
    *(_CHANCE.integers(0, 9, (QUARTERS, *AXES.shape)).astype(float) for _ in range(3)),
)
PAST = tuple(
    Belief(_CHANCE.normal(0, 1, AXES.shape), _CHANCE.uniform(0.1, 0.9, AXES.shape)) for _ in range(2)
)
METHOD = Method()
STEPS = st.lists(st.lists(st.one_of(PEOPLE, POSTINGS, FLOWS), min_size=1, max_size=3), min_size=1, max_size=5)
CROWD: list[Counted] = [
    *(supplied(number, city=city) for number in range(6) for city in ("nantong", "suzhou")),
    *(posting(2, f"e{number}", leaf="liquid-h2") for number in range(4)),
]


class Counts(NamedTuple):
    tally: Tally
    employers: Concentration

    def cube(self) -> Cube:
        return replace(roll_up(AXES, TODAY, self.tally.counts, self.employers), history=HISTORY)


def counted(records: list[Counted | Flow]) -> Counts:
    tally = Tally(Reckoning(AXES, TODAY, METHOD.window_days, Ageing()))
    tally.count(records)
    return Counts(tally, concentrate(AXES, sizes_of(AXES, tally.heads)))


def differing(before: Counts, after: Counts) -> Cells:
    """As the store tells it: where counts differ, and where employers do."""
    places = np.argwhere((before.tally.counts != after.tally.counts).any(axis=0))
    spread = np.any(
        [left != right for left, right in zip(before.employers, after.employers, strict=True)], axis=0
    )
    return np.union1d(
        touched(AXES, [(leaf, city, kind) for leaf, city, kind in places.tolist()]), np.flatnonzero(spread)
    )


@settings(max_examples=25)
@given(STEPS)
def test_streamed_cell_by_cell_equals_rebuilt(steps: list[list[Counted | Flow]]) -> None:
    records: list[Counted | Flow] = list(CROWD)
    now = counted(records)
    priors = Priors.fit(now.cube(), METHOD)
    table = ShortageTable(now.cube(), METHOD, priors, PAST)
    for step in steps:
        records = [*records[len(step) // 2 :], *step]
        before, now = now, counted(records)
        cells = differing(before, now)
        whole = ShortageTable(now.cube(), METHOD, priors, PAST)
        cube = roll_up_again(table.cube, now.tally.counts, now.employers, cells)
        table = whole if cube is None else table.renewed(cube, cells)
        assert_same_map(table, whole)
