"""Cells that crossed a star: what is told of two days of the map, to whom, and what is left out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bole.talent.v1 import shortage_pb2
from bole.talent.v1 import shortage_service_pb2 as service
from services.chassis.identity.identity import Grant, Principal
from services.chassis.rpc.wire import date_from_wire, date_to_wire
from services.console.pages import starred
from services.console.web.visits import Visit
from services.kernel.clock import civil_date
from tests.unit.console.pages.visiting import NOW, Nobody, visit

THEN = NOW - timedelta(days=2)
KEPT = date(2020, 1, 1)
Cells = Mapping[tuple[str, str], int | None]


class Map(Nobody):
    """The map by its stars, None where it shows no index: of the day that was kept, and of today."""

    def __init__(self, before: Cells, now: Cells) -> None:
        self.days = {KEPT: before, civil_date(NOW): now}
        self.asked: list[date] = []

    def stub(self, *_: Any) -> Any:
        """The service."""
        return self

    def GetShortageGrid(
        self, request: service.GetShortageGridRequest, **_: Any
    ) -> service.GetShortageGridResponse:
        """Of another day than today, the last one that was kept."""
        assert request.last_kept
        asked = date_from_wire(request.as_of_date)
        self.asked.append(asked)
        day = asked if asked in self.days else KEPT
        return service.GetShortageGridResponse(
            as_of_date=date_to_wire(day),
            cells=[
                shortage_pb2.ShortageCell(
                    scope=shortage_pb2.ShortageScope(industry_code=industry, city_code=city),
                    index=None if stars is None else 50.0,
                    stars=stars or 0,
                )
                for (industry, city), stars in self.days[day].items()
            ],
        )


def _visit(house: Map, *grants: Grant) -> Visit:
    return replace(visit(), backend=house, principal=Principal("li", "staff", grants))


def _told(found: starred.Starred) -> list[tuple[str, str, int, int]]:
    return [(each.scope.industry_code, each.scope.city_code, each.before, each.stars) for each in found.cells]


def test_cells_are_told_that_show_another_star_the_most_changed_first() -> None:
    before: Cells = {("a", "x"): 2, ("a", "y"): 1, ("b", "x"): 3, ("b", "y"): None, ("c", "x"): 5}
    now: Cells = {("a", "x"): 3, ("a", "y"): 4, ("b", "x"): 3, ("b", "y"): 4, ("c", "x"): None}
    house = Map(before, now)
    found = starred.starred(_visit(house, Grant("talent_viewer")), THEN)
    assert _told(found) == [("a", "y", 1, 4), ("a", "x", 2, 3)]
    assert found.day == KEPT
    assert sorted(house.asked) == [civil_date(THEN) - timedelta(days=1), civil_date(NOW)]


@pytest.mark.parametrize(
    ("grants", "cities"),
    [
        ((Grant("talent_officer", city="x"),), {"x"}),
        ((Grant("talent_officer", city="x"), Grant("talent_viewer")), {"x", "y"}),
        ((Grant("fund_manager", fund="funds/f"),), {"x", "y"}),
    ],
)
def test_who_works_for_a_city_is_told_of_that_city(grants: tuple[Grant, ...], cities: set[str]) -> None:
    house = Map({("a", "x"): 1, ("a", "y"): 1}, {("a", "x"): 2, ("a", "y"): 2})
    assert {city for _, city, *_ in _told(starred.starred(_visit(house, *grants), THEN))} == cities


def test_what_stands_among_the_watched_is_not_told_twice() -> None:
    house = Map({("a", "x"): 1, ("a", "y"): 1}, {("a", "x"): 2, ("a", "y"): 2})
    found = starred.starred(_visit(house, Grant("talent_viewer")), THEN)
    shown = shortage_pb2.ShortageScope(industry_code="a", city_code="x")
    assert _told(found.without([shown])) == [("a", "y", 1, 2)]
    assert not found.without([each.scope for each in found.cells])
