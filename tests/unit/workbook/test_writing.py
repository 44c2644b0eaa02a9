import datetime
import io
from pathlib import Path

import openpyxl
import pytest

from services.workbook.reading import read_workbook
from services.workbook.sheets import SHEETS
from services.workbook.writing import SYNTHETIC_MARK, write_csv, write_xlsx

TEXTS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd",
    "@SUM(A1)",
    "＝HYPERLINK(1)",
    "'quoted",
    "-5",
    "-12万元",
    "+86 138-0000-0000",
    '"a",b;c',
    "1e5",
    "007",
    "第一行\n第二行",
]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@pytest.mark.parametrize("text", TEXTS)
def test_texts_survive_writing_and_reading(tmp_path: Path, suffix: str, text: str) -> None:
    path = tmp_path / f"persons{suffix}"
    rows = [{"ref": "p-1", "name": text, "observed": "2026-06-30"}]
    if suffix == ".xlsx":
        write_xlsx(path, {"persons": rows}, mark=SYNTHETIC_MARK)
    else:
        write_csv(path, SHEETS["persons"], rows, mark=SYNTHETIC_MARK)
    cells = read_workbook(path.read_bytes(), filename=path.name).tables["persons"].rows[0].cells
    assert cells["name"] == text
    assert cells["observed"] == "2026-06-30"


@pytest.mark.parametrize("text", ["=1+1", "+cmd|x", "-2+cmd", "@SUM(A1)", "＝1", "\t=1"])
def test_no_formula_reaches_a_spreadsheet(tmp_path: Path, text: str) -> None:
    write_csv(tmp_path / "a.csv", SHEETS["persons"], [{"ref": "p-1", "name": text}])
    assert f"'{text}" in (tmp_path / "a.csv").read_text("utf-8-sig")
    write_xlsx(tmp_path / "a.xlsx", {"persons": [{"ref": "p-1", "name": text}]})
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["人才"]["B2"].data_type == "s"


@pytest.mark.parametrize("text", ["-5", "+8613800000000", "-12.5%", "-3万元"])
def test_numbers_and_telephones_are_not_marked(tmp_path: Path, text: str) -> None:
    write_csv(tmp_path / "a.csv", SHEETS["persons"], [{"ref": "p-1", "phone": text}])
    assert f",{text}," in (tmp_path / "a.csv").read_text("utf-8-sig")


def test_values_get_their_spreadsheet_types(tmp_path: Path) -> None:
    row: dict[str, str | int | None] = {
        "ref": "j-1",
        "headcount": 3,
        "opened": "2026-01-02",
        "closed": "2026-02-30",
        "filled": None,
    }
    write_xlsx(tmp_path / "a.xlsx", {"positions": [row]}, mark=SYNTHETIC_MARK)
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")["岗位"]
    assert page["A1"].value == SYNTHETIC_MARK
    assert page["H3"].value == 3
    assert page["I3"].value == datetime.datetime.fromisoformat("2026-01-02")
    assert page["J3"].value is None
    assert page["K3"].value == "2026-02-30"


def test_equal_rows_make_equal_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_xlsx(tmp_path / name, {"teams": [{"ref": "t-1", "name": "团队"}]})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_excel_numbers_dates_and_booleans_become_texts() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "人才"
    page.append(
        ["编号", "姓名", "人才类别", "所在城市", "到岗意愿", "研究方向", "记录日期", "手机", "证件号码"]
    )
    page.append(
        ["p-1", True, 1.5, 0.1 + 0.2, None, 12.0, datetime.date(2026, 6, 30), 13800000000, 320102199001010011]
    )
    buffer = io.BytesIO()
    book.save(buffer)
    cells = read_workbook(buffer.getvalue(), filename="a.xlsx").tables["persons"].rows[0].cells
    assert [cells[k] for k in ("name", "category", "city", "directions")] == ["是", "1.5", "0.3", "12"]
    assert cells["observed"] == "2026-06-30"
    assert cells["phone"] == "13800000000"
    assert cells["id_number"] == "3.20102E+17"


def test_a_hidden_sheet_is_not_read(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", {"persons": [{"ref": "p-1"}], "teams": [{"ref": "t-1"}]})
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    book["团队"].sheet_state = "hidden"
    book.save(tmp_path / "b.xlsx")
    found = read_workbook((tmp_path / "b.xlsx").read_bytes(), filename="b.xlsx")
    assert set(found.tables) == {"persons"}
    assert "团队" in found.warnings[0].zh
