"""New rows of a checked file are shown as they were understood, and nobody is named by them."""

from dataclasses import replace

from bole.talent.v1 import import_pb2
from services.chassis.identity.identity import Grant, Principal
from services.console.pages.imports.content import Content, contents
from services.console.web.visits import Upload
from services.kernel.text import Language
from tests.unit.console.pages.visiting import visit

_PEOPLE = """编号,姓名,人才类别,所在城市,到岗意愿,研究方向,当前单位,手机,记录日期
T-1,欧阳修远,卓越工程师,苏州市,随时,固态储氢材料及关键技术,演示氢能有限公司,13912345678,2026/5/1
T-2,李四,卓越工程师,南京,随时,固态储氢材料及关键技术,,,2026-05-02
"""
_POSITIONS = """编号,岗位名称,单位名称,所在城市,技术方向,人才类别,需求人数,发布日期
P-1,储氢瓶检验工程师,演示检验有限公司,苏州,固态储氢材料及关键技术,卓越工程师,2,2026-05-01
"""


def _content(
    sheet: str, text: str, number: int, language: Language = "zh", *, refused: bool = False
) -> Content | None:
    officer = Principal("officer", "staff", (Grant("talent_officer", purposes=frozenset({"contact"})),))
    asked = replace(visit(), principal=officer, language=language)
    row = import_pb2.ImportRow(sheet=sheet, row=number, outcome=import_pb2.ImportRow.OUTCOME_NEW)
    if refused:
        row.problems.add(field="所在城市")
    file = Upload("rows.csv", text.encode("utf-8-sig"))
    return contents(asked, file, [sheet], [row]).get((sheet, number))


def test_a_new_person_is_shown_masked_whatever_purpose_was_stated() -> None:
    found = _content("persons", _PEOPLE, 2)
    assert found is not None
    said = dict(found.said)
    assert said["姓名"] == "欧**"
    assert said["研究方向"] == "固态储氢材料及关键技术"
    assert said["记录日期"] == "2026-05-01"
    assert found.hidden == ["当前单位", "手机"]
    assert not {"欧阳修远", "13912345678"} & set(said.values())


def test_a_new_position_is_read_out_in_the_readers_language() -> None:
    found = _content("positions", _POSITIONS, 2, "en")
    assert found is not None
    assert dict(found.said)["City"] == "Suzhou"
    assert dict(found.said)["Category"] != "卓越工程师"
    assert found.hidden == []


def test_a_refused_row_is_known_by_its_first_cells() -> None:
    refused = _content("persons", _PEOPLE.replace("卓越工程师,苏州市", "卓越,苏洲市"), 2, refused=True)
    assert refused == Content([("编号", "T-1"), ("姓名", "欧**"), ("人才类别", "卓越")], ())


def test_a_file_that_cannot_be_read_shows_nothing() -> None:
    assert _content("positions", "x", 2) is None
