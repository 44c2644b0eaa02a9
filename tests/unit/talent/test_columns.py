from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings

from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.position.posting import Posting
from services.talent.domain.shortage.columns import STATES, columns
from services.talent.domain.shortage.counts.tally import Supplied
from services.talent.domain.shortage.table import GRADES, Address
from tests.unit.talent.library import AXES
from tests.unit.talent.test_map import CROWDS, DEMANDS, table


@pytest.mark.parametrize("edition", Edition)
@settings(max_examples=15, deadline=None)
@given(CROWDS, DEMANDS)
def test_columns_say_what_cells_say(edition: Edition, crowd: list[Supplied], posts: list[Posting]) -> None:
    found = table(crowd, posts).for_edition(edition)
    addresses = [Address(*codes) for codes in product(AXES.nodes, AXES.cities, AXES.categories)]
    at = tuple(np.array(each) for each in zip(*map(found.at, addresses), strict=True))
    together = columns(found, at)  # type: ignore[arg-type]
    for place, cell in enumerate(map(found.cell, addresses)):
        numbers = (cell.index, cell.low, cell.high, cell.supply, cell.gap)
        expected = [np.nan if each is None else each for each in numbers]
        mine = [together.indices, together.low, together.high, together.supply, together.gap]
        assert np.array_equal([each[place] for each in mine], expected, equal_nan=True)
        assert (*STATES, None)[together.states[place]] is cell.state  # WITHHELD is the last one
        assert (together.demand[place], together.hidden[place]) == (cell.demand, cell.hidden)
        assert (together.stars[place], together.watch[place]) == (cell.stars, cell.watch)
        grade = together.grades[place]
        assert (GRADES[grade - 1] if grade else None) == cell.grade
