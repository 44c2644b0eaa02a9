"""What is suggested for the columns of a table that was not made from the template."""

from services.workbook.mapping import guessed, tables_of
from services.workbook.sheets import SHEETS
from services.workbook.usual import USUAL, suggested

_PERSONS = SHEETS["persons"]


def _suggested(header: str, sheet: str = "persons") -> dict[str, str]:
    (found,) = tables_of(f"{header}\n".encode())
    known = guessed(found, SHEETS[sheet])
    made = suggested(found.headers, SHEETS[sheet], known)
    assert not set(made) & set(known)
    assert len({*made.values(), *known.values()}) == len(made) + len(known)
    return {key: found.headers[at] for key, at in made.items()}


def test_usual_names_are_suggested_and_known_ones_left_alone() -> None:
    header = (
        "姓 名,人才类别（六类）,所在地市,工作单位,职务职称,个人简介,联系电话,电子邮箱,填表日期,意愿,授权用途"
    )
    assert _suggested(header) == {
        "city": "所在地市",
        "employer": "工作单位",
        "title": "职务职称",
        "profile": "个人简介",
        "phone": "联系电话",
        "email": "电子邮箱",
        "observed": "填表日期",
        "availability": "意愿",
        "purposes": "授权用途",
    }


def test_a_running_number_is_nobodys_number() -> None:
    assert "ref" not in _suggested("序号,姓名")
    assert _suggested("序号,工号,姓名")["ref"] == "工号"


def test_a_name_that_holds_the_templates_comes_after_a_usual_one() -> None:
    assert _suggested("姓名,主要研究方向,专业方向")["directions"] == "专业方向"
    assert _suggested("姓名,主要研究方向")["directions"] == "主要研究方向"


def test_the_same_name_means_what_the_sheet_has() -> None:
    assert _suggested("单位,姓名")["employer"] == "单位"
    assert _suggested("单位,招聘岗位", "positions") == {"employer": "单位", "title": "招聘岗位"}


def test_every_usual_name_is_of_a_column_that_there_is() -> None:
    headers = {column.header_zh for sheet in SHEETS.values() for column in sheet.columns}
    assert set(USUAL) <= headers


def test_a_note_in_brackets_may_say_what_a_column_is() -> None:
    assert _suggested("姓名,从事专业（研究方向）,出生年月") == {
        "directions": "从事专业（研究方向）",
        "birth_year": "出生年月",
    }
