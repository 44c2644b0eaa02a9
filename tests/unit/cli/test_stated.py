"""`field=value` on the command line is read as a cell of the workbook is."""

import pytest
from google.type.date_pb2 import Date

from bole.talent.v1 import person_pb2, position_pb2
from services.cli.talent import entering, position_life
from services.cli.workbooks.stated import read_into, require
from services.kernel.errors import InvalidArgument


def test_chinese_and_short_names_mean_the_same() -> None:
    zh, en = person_pb2.Person(), person_pb2.Person()
    zh_paths = read_into(
        zh,
        [
            "姓名=张三",
            "人才类别=卓越工程师",
            "所在城市=苏州",
            "到岗意愿=随时",
            "研究方向=海水制氢:1/3;量子科技:2/3",
        ],
        entering.FACTS,
    )
    en_paths = read_into(
        en,
        [
            "name=张三",
            "category=outstanding-engineer",
            "city=suzhou",
            "availability=NOW",
            "directions=seawater-h2:1/3;quantum:2/3",
        ],
        entering.FACTS,
    )
    assert zh == en
    assert (
        zh_paths
        == en_paths
        == ["display_name", "category_code", "city_code", "availability", "direction_shares"]
    )
    assert [(each.code, each.permille) for each in zh.direction_shares] == [
        ("seawater-h2", 333),
        ("quantum", 667),
    ]


def test_lists_dates_uses_and_prospects() -> None:
    person = person_pb2.Person()
    read_into(
        person,
        ["city=省外", "mobility=苏州;无锡", "observed=2026年6月1日", "purposes=数据统计；人岗匹配"],
        entering.FACTS,
    )
    assert person.city_code == "outside"
    assert list(person.mobility_city_codes) == ["suzhou", "wuxi"]
    assert person.observed_date == Date(year=2026, month=6, day=1)
    assert list(person.purposes) == [
        person_pb2.CONSENT_PURPOSE_STATISTICS,
        person_pb2.CONSENT_PURPOSE_MATCH_POSITION,
    ]


def test_an_empty_value_empties_the_field() -> None:
    person = person_pb2.Person(employer="甲")
    assert read_into(person, ["employer="], entering.FACTS) == ["employer"]
    assert person.employer == ""


@pytest.mark.parametrize(
    ("pair", "reason"),
    [
        ("salary=1", "UNKNOWN_FIELD"),
        ("张三", "UNKNOWN_FIELD"),
        ("identity_number=11010519491231002X", "UNKNOWN_FIELD"),
        ("city=苏洲", "UNKNOWN_CITY"),
        ("directions=量子科技:0.5", "SHARES_NOT_ONE"),
        ("observed=2026-13-01", "BAD_DATE"),
        ("availability=也许", "UNKNOWN_CHOICE"),
    ],
)
def test_what_cannot_be_read_is_named(pair: str, reason: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        read_into(person_pb2.Person(), [pair], entering.FACTS)
    assert {each.reason for each in caught.value.violations} == {reason}
    assert "11010519491231002X" not in caught.value.text.zh + caught.value.text.en


def test_a_position_is_written_likewise() -> None:
    position = position_pb2.Position()
    read_into(
        position,
        ["岗位名称=电解槽工程师", "city=南通", "direction=海水制氢", "需求人数=5"],
        position_life.FACTS,
    )
    assert (position.title, position.city_code, position.headcount) == ("电解槽工程师", "nantong", 5)
    with pytest.raises(InvalidArgument):
        read_into(position, ["headcount=0"], position_life.FACTS)


def test_what_is_missing_is_named_as_it_is_written() -> None:
    position = position_pb2.Position()
    read_into(position, ["岗位名称=电解槽工程师", "city=南通"], position_life.FACTS)
    require(position, position_life.FACTS, "title", "city")
    with pytest.raises(InvalidArgument) as refused:
        require(position, position_life.FACTS, "title", "category", "headcount")
    assert refused.value.text.zh == "还须填写：category（人才类别）、headcount（需求人数）"
