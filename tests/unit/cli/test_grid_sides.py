"""Rows and columns of the shortage map that nobody named."""

import pytest

from bole.talent.v1.shortage_pb2 import ShortageScope
from services.cli.talent.grid_sides import sides
from services.kernel.errors import InvalidArgument

HYDROGEN = ShortageScope(industry_code="hydrogen")
SUZHOU = ShortageScope(city_code="suzhou")


@pytest.mark.parametrize(
    ("given", "scope", "found"),
    [
        (("", ""), ShortageScope(), ("industry", "city")),
        (("", ""), HYDROGEN, ("direction", "city")),
        (("", ""), SUZHOU, ("industry", "category")),
        (("", ""), ShortageScope(industry_code="hydrogen", city_code="suzhou"), ("direction", "category")),
        (("", ""), ShortageScope(direction_code="electrolysis"), ("city", "category")),
        (("city", ""), ShortageScope(), ("city", "industry")),
        (("", "local"), ShortageScope(), ("city", "local")),
        (("category", "city"), HYDROGEN, ("category", "city")),
        (("industry", "city"), HYDROGEN, ("industry", "city")),
    ],
)
def test_what_is_open_is_laid_out(
    given: tuple[str, str], scope: ShortageScope, found: tuple[str, str]
) -> None:
    assert sides(*given, scope) == found


def test_a_single_cell_is_no_grid() -> None:
    cell = ShortageScope(direction_code="electrolysis", city_code="suzhou")
    with pytest.raises(InvalidArgument) as refused:
        sides("", "", cell)
    assert refused.value.reason == "NOTHING_LEFT_OPEN"
    assert "bole shortage cell" in str(refused.value)
