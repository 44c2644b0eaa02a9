"""Whoever writes a district, a county or a county-level city is told of which city it is a part."""

from importlib import resources

import pytest
import yaml
from stdnum import numdb

from services.catalogue import load
from services.catalogue.model import City
from services.kernel.errors import InvalidArgument

CATALOGUE = load()


@pytest.mark.parametrize(
    ("text", "zh", "suggestions"),
    [
        ("昆山市", "它属于苏州市（suzhou），请填写所属的设区市", "suzhou"),
        ("昆山", "它属于苏州市（suzhou）", "suzhou"),
        ("江苏省昆山市", "它属于苏州市（suzhou）", "suzhou"),
        ("海门市", "它属于南通市（nantong）", "nantong"),  # a district since 2020
        ("泰兴市", "它属于泰州市（taizhou）", "taizhou"),  # of 扬州 until 1996
        ("鼓楼区", "它属于南京市（nanjing）或徐州市（xuzhou）", "nanjing,xuzhou"),
    ],
)
def test_a_part_of_a_city_is_refused_with_its_city(text: str, zh: str, suggestions: str) -> None:
    for resolve in (CATALOGUE.resolve_city, CATALOGUE.resolve_place):
        with pytest.raises(InvalidArgument) as caught:
            resolve(text, "所在城市")
        assert zh in caught.value.text.zh
        assert caught.value.metadata["suggestions"] == suggestions


@pytest.mark.parametrize("text", ["上海市", "浦东新区", "市辖区", "工业园区", "区", ""])
def test_what_is_no_part_of_the_province_is_answered_with_its_cities(text: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        CATALOGUE.resolve_city(text, "所在城市")
    assert "请填写本省的设区市：南京、无锡" in caught.value.text.zh
    assert "Nanjing, Wuxi" in caught.value.text.en


@pytest.mark.parametrize("city", CATALOGUE.cities, ids=lambda city: city.id)
def test_the_parts_of_a_city_are_those_of_the_register(city: City) -> None:
    now, former = set[str](), set[str]()
    for number in range(2, 100):  # 01 is 市辖区, which names none
        for _, facts in numdb.get("cn/loc").info(f"{city.adcode[:4]}{number:02}"):
            for entry in facts.get("county", "").split(","):
                years, _, name = entry.rpartition("]")
                if name:
                    (now if not years or years.endswith("-") else former).add(name)
    file = resources.files("services.catalogue").joinpath("districts.yaml")
    parts = yaml.load(file.read_bytes(), yaml.CSafeLoader)[city.id]
    assert (set(parts["now"]), set(parts["former"])) == (now, former)
