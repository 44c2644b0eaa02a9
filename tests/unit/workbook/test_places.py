"""Cities as offices write them in their tables."""

import pytest

from services.catalogue import load
from services.kernel.errors import InvalidArgument
from services.workbook import places

_CITIES = load().vocabulary_of_cities


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("南通", "nantong"),
        ("南通市海门区", "nantong"),
        ("江苏省南通市海门区", "nantong"),
        ("南通市 海门区", "nantong"),
        ("苏州工业园区", "suzhou"),
        ("苏州市昆山市", "suzhou"),
        ("南京江北新区", "nanjing"),
        ("徐州沛县", "xuzhou"),
        ("淮安市淮安区", "huaian"),
    ],
)
def test_a_district_behind_a_city_is_passed_over(text: str, city: str) -> None:
    assert places.resolve(_CITIES, text, "所在城市") == city


@pytest.mark.parametrize(
    "text", ["海门区", "淮安区", "昆山市", "常洲", "南通市某处", "上海市浦东新区", "市" * 60]
)
def test_what_names_no_city_is_refused(text: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        places.resolve(_CITIES, text, "所在城市")
    assert [(each.field, each.reason) for each in caught.value.violations] == [("所在城市", "UNKNOWN_CITY")]
