"""Totals and notes are told apart from records, and a record never is one of them."""

import io

import pytest

from services.workbook.no_records import is_aside
from services.workbook.reading import open_workbook, read_workbook
from services.workbook.sheets import SHEETS, Sheet
from tests.unit.workbook.test_reading import HEADER, ROW

_WORDS = (
    "合计",
    "合 计",
    "小计：",
    "總計",
    "本页小计",
    "合计：35人",
    "共35人",
    "Total",
    "注",
    "注：本表由各设区市填报。",
    "（注1：姓名以证件为准）",
    "※说明：\n一、口径",
    "备注1、不含离职人员",
    "填表人：王五",
    "审核人：",
    "Note: as of June",
)


@pytest.mark.parametrize("word", _WORDS)
def test_what_begins_with_the_word_and_says_nothing_else_is_no_record(word: str) -> None:
    table = read_workbook(_file(f'"{word}"'), filename="persons.csv").tables["persons"]
    assert [each.number for each in table.rows] == [2]
    [said] = table.remarks
    assert "第3行（共1行）" in said.zh


def test_further_notes_beside_it_change_nothing() -> None:
    row = "填表人：王五,,审核人：李四,,填表日期：2026-06-30,,"
    assert len(read_workbook(_file(row), filename="persons.csv").tables["persons"].rows) == 1


def test_the_rows_are_told_apart_as_they_are_read() -> None:
    table = open_workbook(io.BytesIO(_file("合计")), filename="persons.csv").tables["persons"]
    assert table.remarks == ()
    assert len(list(table.rows)) == 1
    assert len(table.remarks) == 1


def test_a_sum_of_heads_is_no_position() -> None:
    text = "编号,岗位名称,单位名称,所在城市,技术方向,人才类别,需求人数,发布日期\n合计,,,,,,1250,\n"
    table = open_workbook(_opened(text), filename="positions.csv").tables["positions"]
    assert (list(table.rows), table.aside and table.aside.count) == ([], 1)


def test_the_word_may_stand_in_a_column_that_nobody_knows() -> None:
    text = f"序号,{HEADER}\n1,{ROW}\n小计,,,,,,,\n"
    table = read_workbook(text.encode(), filename="persons.csv").tables["persons"]
    assert len(table.rows) == 1


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda each: each.key)
@pytest.mark.parametrize("word", _WORDS)
def test_no_record_is_one_whatever_its_number_or_name_is(sheet: Sheet, word: str) -> None:
    must = [each.key for each in sheet.columns if each.required]
    whole = dict.fromkeys(must, "甲")
    for key in must:
        cells = {**whole, key: word}
        assert not is_aside([word, *cells.values()], cells, sheet)
    every = dict.fromkeys(must, word)
    assert not is_aside(list(every.values()), every, sheet)


@pytest.mark.parametrize("first", ["合肥", "注会张三", "总工", "共青", "S-1", "Toto", "Notely", "说明书"])
def test_words_that_only_begin_so_are_refused_as_before(first: str) -> None:
    assert len(read_workbook(_file(first), filename="persons.csv").tables["persons"].rows) == 2


def test_a_row_with_a_name_is_a_person_to_be_completed() -> None:
    assert len(read_workbook(_file("合计,张三"), filename="persons.csv").tables["persons"].rows) == 2


def test_only_the_first_of_many_are_named() -> None:
    table = read_workbook(_file("\n".join(["小计"] * 25)), filename="persons.csv").tables["persons"]
    [said] = table.remarks
    assert "22等行（共25行）" in said.zh
    assert "22 …" in said.en


def _file(*rows: str) -> bytes:
    return "\n".join((HEADER, ROW, *rows, "")).encode()


def _opened(text: str) -> io.BytesIO:
    return io.BytesIO(text.encode())
