"""`bole firm …` against a real service."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from bole.funding.v1 import firm_service_pb2, firm_service_pb2_grpc
from services.cli.main import app
from services.cli.session import TOKEN_FILE
from tests.contract.funding.test_firms_and_funds import firm
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
    assert "read as CNY 12,345,000.00" in bole(*words, "--source", "月报", "--lang", "en")
    listed = rows(bole("firm", "figures", name, "-o", "json", "--lang", "zh"))
    assert [(each["staff_count"], each["revenue"], each["source"]) for each in listed] == [
        (31, "1,234.5万元", "月报"),
        (12, None, ""),
    ]
    assert "31" in bole("firm", "show", name, "--lang", "en")
    then = bole("firm", "show", name, "--as-of", "2026-06-30", "-o", "json", "--lang", "zh")
    assert "2026-06-30" in then
    assert "尚未登记" in bole("firm", "show", name, "--known", "2020-01-01", "--lang", "zh")


@pytest.mark.parametrize(
    "words",
    [("staff=3",), ("staff_count=many",), ("revenue=五百万",), ("staff_count",), ("revenue=0.001元",)],
)
def test_figures_that_cannot_be_read_are_refused(whole: Installation, bole: Run, words: tuple[str]) -> None:
    said = bole("firm", "record", "firms/x", *words, "--as-of", "2026-07-01", "--lang", "zh", ok=False)
    assert "Traceback" not in said
