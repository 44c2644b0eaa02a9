"""A grid that was answered before is not written anew as a whole, and says the same."""

import numpy as np
import pytest

from bole.common.v1 import data_origin_pb2
from bole.talent.v1 import shortage_pb2
from bole.talent.v1.shortage_service_pb2 import GetShortageGridRequest
from services.catalogue import load
from services.talent.domain.disclosure.patterns import Patterns
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.shortage.counts.tally import build
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.table import ShortageTable
from services.talent.rpc.shortage.grid import Grids
from services.talent.rpc.shortage.reading import Reading
from services.talent.rpc.shortage.shortage_wire import CATEGORY, CITY, DIRECTION, INDUSTRY, CellWire
from tests.unit.talent.library import AXES, CATEGORIES, CITIES, LEAVES, TODAY, posting, supplied

WIRE = CellWire(AXES, load())
SCOPE = shortage_pb2.ShortageScope(category_code="outstanding-engineer")
COLUMNS = shortage_pb2.SHORTAGE_GRID_VIEW_COLUMNS
REQUESTS = (
    GetShortageGridRequest(rows=INDUSTRY, columns=CITY),
    GetShortageGridRequest(rows=DIRECTION, columns=CITY, scope=SCOPE),
    GetShortageGridRequest(rows=DIRECTION, columns=CITY, layers=CATEGORY, view=COLUMNS),
)


def tables() -> list[ShortageTable]:
    """Maps of a day on which people come one by one, priors and patterns being those of all."""
    random = np.random.default_rng(11)
    crowd = [
        supplied(
            number,
            CITIES[random.integers(3)],
            CATEGORIES[random.integers(3)],
            shares=((LEAVES[random.integers(4)].code, 1000),),
        )
        for number in range(40)
    ]
    posts = [posting(int(random.integers(1, 9)), f"e{n % 5}", city=CITIES[n % 3]) for n in range(12)]
    method, patterns = Method(), Patterns()
    cubes = [build(AXES, crowd[:count], posts, TODAY, window_days=730) for count in range(34, 41)]
    priors = ShortageTable(cubes[0], method).priors
    return [ShortageTable(cube, method, priors, patterns=patterns) for cube in cubes]


@pytest.mark.parametrize("edition", Edition)
def test_a_grid_that_begins_with_the_last_one_is_the_grid_written_anew(edition: Edition) -> None:
    kept = Grids(WIRE)
    for table in tables():
        reading = Reading(table.for_edition(edition), TODAY, data_origin_pb2.DATA_ORIGIN_REAL)
        for request in REQUESTS:
            anew = Grids(WIRE).answer(request, reading)
            assert kept.answer(request, reading).SerializeToString() == anew.SerializeToString()
            assert kept.answer(request, reading) is kept.answer(request, reading)
