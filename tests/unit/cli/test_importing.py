"""What an import reports, and the exit status a script can act on."""

import csv
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bole.common.v1 import text_pb2
from bole.common.v1 import workbook_import_pb2 as wire
from bole.funding.v1 import import_pb2
from services.chassis.settings import load_settings
from services.cli.answers.output import Format, Output
from services.cli.session import Session
from services.cli.workbooks import importing, imports
from services.cli.workbooks.importing import Mode, Wish
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

PROBLEM = wire.RowProblem(
    sheet="firms", row=3, field="营业收入", reason="BAD", text=text_pb2.Text(zh="请更正", en="correct it")
)


def imported(
    monkeypatch: pytest.MonkeyPatch,
    wish: Wish,
    *,
    committed: bool,
    refused: bool,
    output: Output | None = None,
) -> int:
    report = wire.ImportReport(
        committed=committed,
        sheets=[wire.SheetReport(sheet="firms", row_count=2, created_count=1, refused_count=int(refused))],
        problems=[PROBLEM] if refused else [],
    )
    monkeypatch.setattr(importing, "send", lambda *_: report)
    session = Session(load_settings({}), output or Output(Format.TABLE, "zh"))
    return importing.import_file(session, "funding", Path("firms.xlsx"), wish)


@pytest.mark.parametrize(
    ("mode", "committed", "refused", "status"),
    [
        (Mode.IMPORT_MODE_GOOD_ROWS, True, False, 0),
        (Mode.IMPORT_MODE_GOOD_ROWS, True, True, 2),
        (Mode.IMPORT_MODE_DRY_RUN, False, False, 0),
        (Mode.IMPORT_MODE_DRY_RUN, False, True, 2),
        (Mode.IMPORT_MODE_ALL_OR_NOTHING, True, False, 0),
        (Mode.IMPORT_MODE_ALL_OR_NOTHING, False, True, 1),
    ],
)
def test_the_exit_status_says_what_was_written(
    monkeypatch: pytest.MonkeyPatch, mode: "wire.ImportMode", committed: bool, refused: bool, status: int
) -> None:
    assert imported(monkeypatch, Wish(mode), committed=committed, refused=refused) == status


def test_rows_of_sample_data_put_its_mark_on_the_counts(capsys: pytest.CaptureFixture[str]) -> None:
    for synthetic, marked in ((0, False), (3, True)):
        sheets = [wire.SheetReport(sheet="firms", row_count=3, created_count=3, synthetic_count=synthetic)]
        importing.show_counts(
            Output(Format.TABLE, "zh"), [wire.ImportReport(sheets=sheets)], Text("导入", "import")
        )
        assert ("演示数据 SYNTHETIC" in capsys.readouterr().out) == marked


def test_refused_rows_go_to_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "errors.csv"
    wish = Wish(Mode.IMPORT_MODE_GOOD_ROWS, errors=file)
    imported(monkeypatch, wish, committed=True, refused=True)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        [_, row] = csv.reader(lines)
    assert row == ["企业", "3", "营业收入", "BAD", "请更正"]


@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize(("format_", "read"), [(Format.JSON, json.loads), (Format.YAML, yaml.safe_load)])
def test_programs_read_one_document_whatever_was_refused(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    format_: Format,
    read: Callable[[str], Any],
    refused: bool,
) -> None:
    wish = Wish(Mode.IMPORT_MODE_GOOD_ROWS)
    imported(monkeypatch, wish, committed=True, refused=refused, output=Output(format_, "en"))
    said = read(capsys.readouterr().out)
    assert [(each["sheet"], each["refused"]) for each in said["sheets"]] == [("firms", int(refused))]
    assert [(each["sheet"], each["row"], each["text"]) for each in said["refused"]] == (
        [("firms", 3, "correct it")] if refused else []
    )
    assert said["written"]


def test_rows_that_may_be_one_person_are_told_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets = [wire.SheetReport(sheet="persons", row_count=2, created_count=2, possible_duplicate_count=2)]
    report = wire.ImportReport(sheets=sheets, import_name="imports/a")
    monkeypatch.setattr(importing, "send", lambda *_: report)
    session = Session(load_settings({}), Output(Format.JSON, "zh"))
    importing.import_file(session, "talent", Path("people.xlsx"), Wish(Mode.IMPORT_MODE_DRY_RUN))
    told = capsys.readouterr()
    assert [each["possible_duplicates"] for each in json.loads(told.out)["sheets"]] == [2]
    assert "其中 2 行可能与库中人员或本文件另一行重复" in told.err


def test_a_file_of_one_table_has_the_counts_and_says_where_the_rest_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wish = Wish(Mode.IMPORT_MODE_GOOD_ROWS)
    imported(monkeypatch, wish, committed=True, refused=True, output=Output(Format.CSV, "zh"))
    told = capsys.readouterr()
    [_, row] = csv.reader(told.out.removeprefix("\ufeff").splitlines())
    assert row[:7] == ["企业", "2", "1", "0", "0", "1", "0"]
    assert "--errors" in told.err


def test_a_file_of_another_kind_is_refused_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    wish = Wish(Mode.IMPORT_MODE_GOOD_ROWS, errors=Path("errors.doc"))
    with pytest.raises(InvalidArgument, match="should end in"):
        imported(monkeypatch, wish, committed=True, refused=True)


def test_a_dry_run_comes_before_all_or_nothing() -> None:
    assert importing.mode_of(dry_run=True, all_or_nothing=True) == Mode.IMPORT_MODE_DRY_RUN
    assert importing.mode_of(dry_run=False, all_or_nothing=True) == Mode.IMPORT_MODE_ALL_OR_NOTHING
    assert importing.mode_of(dry_run=False, all_or_nothing=False) == Mode.IMPORT_MODE_GOOD_ROWS


@pytest.mark.parametrize(("maps", "said"), [((), True), (("企业名称=公司",), False)])
def test_how_a_file_was_read_is_said_of_the_readers_own(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    maps: tuple[str, ...],
    said: bool,
) -> None:
    report = wire.ImportReport(committed=True, encoding="gb18030", separator=",")
    monkeypatch.setattr(importing, "send", lambda *_: report)
    file = tmp_path / "own.csv"
    file.write_text(
        "公司,统一社会信用代码,所在城市,技术方向,成立日期,发展阶段,数据截止日期\n甲,,,,,,\n", "gb18030"
    )
    with Session(load_settings({"BOLE_DATA_DIR": str(tmp_path)}), Output(Format.TABLE, "zh")) as session:
        importing.import_file(session, "funding", file, Wish(Mode.IMPORT_MODE_GOOD_ROWS, "firms", maps=maps))
    assert ("GB18030" in "".join(capsys.readouterr())) is said


class Slow:
    """A service that reads rows for as long as somebody asks how far it has come."""

    def __init__(self) -> None:
        self.asked = threading.Semaphore(0)
        self.rows = 0

    def ImportWorkbook(self, parts: Iterator[Any], **_: Any) -> wire.ImportReport:
        """Ends once the second question has come, so that the first one has been answered and told."""
        assert len(list(parts)) > 1
        assert all(self.asked.acquire(timeout=60) for _ in range(2))
        return wire.ImportReport(committed=True, sheets=[wire.SheetReport(sheet="firms", row_count=2)])

    def GetImport(self, request: Any, **_: Any) -> Any:
        """A thousand rows further."""
        self.rows += 1_000
        self.asked.release()
        return import_pb2.Import(name=request.name, processed_row_count=self.rows)


def test_how_far_a_long_import_has_come_is_no_part_of_its_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    behind = Slow()
    monkeypatch.setattr(imports, "stub", lambda *_: behind)
    monkeypatch.setattr(imports, "_ASK_EVERY_SECONDS", 0.0)
    file = tmp_path / "firms.xlsx"
    file.write_bytes(bytes(2 * 1024 * 1024))
    with Session(load_settings({"BOLE_DATA_DIR": str(tmp_path)}), Output(Format.JSON, "en")) as session:
        importing.import_file(session, "funding", file, Wish(Mode.IMPORT_MODE_GOOD_ROWS))
    told = capsys.readouterr()
    assert [each["rows"] for each in json.loads(told.out)["sheets"]] == [2]
    assert "1,000 rows so far" in told.err
