"""`bole firm …` against a real service."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bole.funding.v1 import firm_service_pb2, firm_service_pb2_grpc
from services.cli.main import app
from services.cli.session import TOKEN_FILE
from tests.contract.funding.test_firms_and_funds import firm
from tests.contract.funding.test_importing import credit_code
from tests.contract.funding.test_importing import firm as workbook_firm
from tests.contract.installation import MANAGER, Installation, staff_token

Run = Callable[..., str]


@pytest.fixture
def bole(whole: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    settings = whole.settings
    monkeypatch.setenv("BOLE_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("BOLE_FUNDING_ADDRESS", settings.funding_address)
    token = settings.data_dir / TOKEN_FILE
    token.write_text(staff_token(whole, MANAGER), encoding="ascii")
    token.chmod(0o600)

    def run(*words: str, ok: bool = True) -> str:
        result = CliRunner().invoke(app, list(words))
        assert (result.exit_code == 0) is ok, result.output
        return result.output

    yield run
    token.unlink()


def rows(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)
    return found


def made(whole: Installation, number: int) -> str:
    with whole.channel("funding", MANAGER) as channel:
        stub = firm_service_pb2_grpc.FirmServiceStub(channel)
        return str(stub.CreateFirm(firm_service_pb2.CreateFirmRequest(firm=firm(number))).name)


def test_figures_are_recorded_with_amounts_echoed_back(whole: Installation, bole: Run) -> None:
    name = made(whole, 320)
    words = ("firm", "record", name, "staff_count=31", "revenue=1,234.5万元", "--as-of", "2026-07-01")
    said = bole(*words, "--check", "--lang", "zh")
    assert "1,234.5万元" in said
    assert "1234500000 分" in said
    assert "未写入" in said
    assert "read as CNY 12.345m" in bole(*words, "--source", "月报", "--lang", "en")
    listed = rows(bole("firm", "figures", name, "-o", "json", "--lang", "zh"))
    assert [(each["staff_count"], each["revenue"], each["source"]) for each in listed] == [
        (31, "1,234.5万元", "月报"),
        (12, None, ""),
    ]
    assert "31" in bole("firm", "show", name, "--lang", "en")
    then = bole("firm", "show", name, "--as-of", "2026-06-30", "-o", "json", "--lang", "zh")
    assert "2026-06-30" in then
    assert "尚未登记" in bole("firm", "show", name, "--known", "2020-01-01", "--lang", "zh")


def test_what_a_firm_wants_to_raise_is_stated_and_cleared(whole: Installation, bole: Run) -> None:
    name = made(whole, 323)
    assert "3,000万元" in bole("firm", "seek", name, "3000万元", "--check", "--lang", "zh")
    assert "融资需求" not in bole("firm", "show", name, "--lang", "zh")
    assert "3000000000 fen" in bole("firm", "seek", name, "3000万元", "--lang", "en")
    assert "3,000万元" in bole("firm", "show", name, "--lang", "zh")
    assert "amount sought" in bole("firm", "show", name, "--lang", "en")
    bole("firm", "seek", name, "0元", "--lang", "zh", ok=False)
    bole("firm", "seek", name, "很多", "--lang", "zh", ok=False)
    assert "未填写" in bole("firm", "seek", name, "--lang", "zh")


@pytest.mark.parametrize(
    "words",
    [("staff=3",), ("staff_count=many",), ("revenue=两万五",), ("staff_count",), ("revenue=0.001元",)],
)
def test_figures_that_cannot_be_read_are_refused(whole: Installation, bole: Run, words: tuple[str]) -> None:
    said = bole("firm", "record", "firms/x", *words, "--as-of", "2026-07-01", "--lang", "zh", ok=False)
    assert "Traceback" not in said


def test_people_duplicates_and_merges_by_commands(whole: Installation, bole: Run) -> None:
    one, other = made(whole, 321), made(whole, 322)
    assert "2 人" in bole("firm", "set-people", one, "法定代表人=演示甲", "股东=演示乙=40%", "--lang", "zh")
    listed = rows(bole("firm", "people", one, "-o", "json", "--lang", "zh", "--purpose", "due-diligence"))
    assert [(each["part"], each["name"], each["share"]) for each in listed] == [
        ("法定代表人", "演示甲", None),
        ("股东", "演示乙", "40%"),
    ]
    assert "演**" in bole("firm", "people", one, "--lang", "en")
    bole("firm", "set-people", one, "船长=演示甲", "--lang", "zh", ok=False)
    asked = ("firm", "duplicates", one, "-n", "500", "-o", "json", "--purpose", "due-diligence")
    found = rows(bole(*asked, "--lang", "zh"))
    (pair,) = [each for each in found if other in each["other"]]
    assert pair["signs"][0].startswith("名称相同")
    assert "split" in bole("firm", "merge", other, one, "--reason", "同一企业", "--lang", "zh")
    bole("firm", "merge", other, one, "--reason", "再次", "--lang", "zh", ok=False)
    assert "stands for itself" in bole("firm", "split", other, "--reason", "不同企业", "--lang", "en")


def test_files_in_and_out_by_commands(whole: Installation, bole: Run, tmp_path: Path, book: Any) -> None:
    out = tmp_path / "firms.csv"
    said = bole(
        "export", "take", "firms", str(out), "--reason", "核对", "--filter", "stage = SEED", "--lang", "zh"
    )
    assert "SHA-256" in said
    assert out.read_text(encoding="utf-8-sig").count("\n") > 2
    register = rows(bole("export", "list", "--of", "funding", "-o", "json", "--lang", "zh"))
    assert "企业" in {each["sheet"] for each in register}
    file = tmp_path / "in.xlsx"
    file.write_bytes(
        book(firms=[workbook_firm(190, assets="300万元"), workbook_firm(191, assets="60000000万元")])
    )
    result = CliRunner().invoke(app, ["firm", "import", str(file), "--dry-run", "--lang", "zh"])
    assert result.exit_code == 2, result.output
    assert "金额核对：企业·总资产 共1笔，合计 300万元" in result.output
    assert "AMOUNT_OVER_CAP" in result.output
    [name] = {word for word in result.output.replace("（", " ").split() if word.startswith("imports/")}
    listed = rows(bole("import", "rows", name, "--of", "funding", "-o", "json", "--lang", "zh"))
    assert [each["outcome"] for each in listed] == ["新增", "拒收"]
    assert any(each["name"] == name for each in rows(bole("import", "list", "--of", "funding", "-o", "json")))
    bole("import", "undo", name, "--of", "funding", "--yes", "--lang", "zh", ok=False)
    subject = f"firm:{credit_code(191)}"
    assert "已复核" in bole(
        "amount", "approve", subject, "assets", "6000亿元", "--reason", "年报", "--lang", "zh"
    )
    [approval] = rows(bole("amount", "list", subject, "-o", "json", "--lang", "zh"))
    assert (approval["column"], approval["amount"]) == ("assets", "6,000亿元")
