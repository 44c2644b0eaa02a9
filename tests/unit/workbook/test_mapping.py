"""A table that was not made from the template becomes a file of one of its sheets, row for row."""

import pytest

from services.kernel.errors import InvalidArgument
from services.workbook.mapping import Source, guessed, mapped, sheet_of, tables_of
from services.workbook.reading import read_workbook
from services.workbook.sheets import SHEETS
from tests.unit.workbook.office_files import sheet_of as sheet_of_office
from tests.unit.workbook.office_files import workbook

_OWN = """某市人才情况表,,,
工号,姓名,单位,方向
A-1,张三,演示公司,固态储氢材料及关键技术

A-2,李四,,固态储氢材料及关键技术
"""
_PERSONS = SHEETS["persons"]


def _sources(**also: Source) -> dict[str, Source]:
    given = {
        "ref": Source(0),
        "name": Source(1),
        "employer": Source(2, "未就业"),
        "directions": Source(3),
        "category": Source(value="卓越工程师"),
        "city": Source(value="苏州市"),
        "availability": Source(value="随时"),
        "observed": Source(value="2026-05-01"),
    }
    return {**given, **also}


def test_the_row_that_names_the_columns_is_found_and_so_is_the_sheet() -> None:
    (found,) = tables_of(_OWN.encode("gb18030"))
    assert (found.row, found.headers) == (2, ("工号", "姓名", "单位", "方向"))
    assert sheet_of(found, ("persons", "positions")) == "persons"
    assert guessed(found, _PERSONS) == {"name": 1}


def test_headings_in_two_rows_are_those_below_the_groups() -> None:
    office = (
        "某市高层次人才信息汇总表,,,,,\n填报单位：人社局,,,填报日期：2026年11月20日,,\n"
        "序号,基本信息,,工作情况,,填表日期\n,姓 名,人才类型,工作单位,专业方向,\n"
        "1,张三,卓越工程师,演示公司,氢冶金,2026-05-01\n"
    )
    (found,) = tables_of(office.encode("gb18030"))
    assert (found.row, found.headers) == (
        4,
        ("序号", "姓 名", "人才类型", "工作单位", "专业方向", "填表日期"),
    )
    assert sheet_of(found, tuple(SHEETS)) == "persons"
    made = mapped(office.encode(), found, _PERSONS, _sources(ref=Source(0, "市-"), observed=Source(5)))
    (row,) = read_workbook(made, filename="own.csv", sheet="persons").tables["persons"].rows
    assert (row.number, row.cells["ref"], row.cells["observed"]) == (5, "市-1", "2026-05-01")


def test_the_table_is_read_under_the_numbers_of_its_own_rows() -> None:
    data = _OWN.encode()
    made = mapped(data, tables_of(data)[0], _PERSONS, _sources())
    rows = read_workbook(made, filename="own.csv", sheet="persons").tables["persons"].rows
    assert [(each.number, each.cells["ref"], each.cells["employer"]) for each in rows] == [
        (3, "A-1", "演示公司"),
        (5, "A-2", "未就业"),
    ]
    assert {each.cells["city"] for each in rows} == {"苏州市"}


def test_nothing_is_filled_into_a_total() -> None:
    data = (_OWN + ",,合计,2\n注：演示,,,\n").encode()
    sources = _sources(ref=Source(0, "南通2026-"))
    made = mapped(data, tables_of(data)[0], _PERSONS, sources)
    table = read_workbook(made, filename="own.csv", sheet="persons").tables["persons"]
    assert [each.cells["ref"] for each in table.rows] == ["南通2026-A-1", "南通2026-A-2"]
    [said] = table.remarks
    assert "第6、7行（共2行）" in said.zh


def test_a_required_column_without_a_source_is_named() -> None:
    data, sources = _OWN.encode(), _sources()
    del sources["category"]
    with pytest.raises(InvalidArgument) as refused:
        mapped(data, tables_of(data)[0], _PERSONS, sources)
    assert [(each.field, each.reason) for each in refused.value.violations] == [
        ("人才类别", "COLUMN_MISSING")
    ]


_LISTED = "序号,姓名,单位,方向\n1,张三,演示公司,氧化镓\n2,李四,,氧化镓\n,王五,,氧化镓\n"


def _refs(ref: Source) -> list[str]:
    data = _LISTED.encode()
    made = mapped(data, tables_of(data)[0], _PERSONS, _sources(ref=ref))
    rows = read_workbook(made, filename="own.csv", sheet="persons").tables["persons"].rows
    return [each.cells.get("ref", "") for each in rows]


def test_running_numbers_become_this_tables_own_by_what_stands_before_them() -> None:
    assert _refs(Source(0, "南通2026-")) == ["南通2026-1", "南通2026-2", ""]
    assert _refs(Source(None, "南通2026-")) == ["南通2026-2", "南通2026-3", "南通2026-4"]


def test_a_running_number_alone_is_refused_as_what_records_are_known_by() -> None:
    with pytest.raises(InvalidArgument, match="南通2026-") as refused:
        _refs(Source(0))
    assert [(each.field, each.reason) for each in refused.value.violations] == [("编号", "RUNNING_NUMBER")]


def test_a_sheet_of_a_workbook_may_be_called_anything() -> None:
    book = sheet_of_office(["工号", "姓名", "单位", "方向"], ["A-1", "张三", "", "氧化镓"], title="Sheet1")
    data = workbook(book)
    (found,) = tables_of(data)
    assert found.title == "Sheet1"
    assert mapped(data, found, _PERSONS, _sources()).decode().splitlines()[1].startswith("A-1,张三,")
