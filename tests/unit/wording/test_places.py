"""Whoever searches by a district is told its city; any other words are left alone."""

from services.catalogue import load
from services.wording.places import part_of


def test_a_district_leads_to_its_cities_and_nothing_else_does() -> None:
    found = part_of(load(), " 昆山市 ")
    assert found is not None
    assert found[0] == ("suzhou",)
    assert found[1].zh.startswith("“昆山市”属于苏州")
    assert part_of(load(), "鼓楼区") is not None
    assert part_of(load(), "苏州") is None
    assert part_of(load(), "") is None
