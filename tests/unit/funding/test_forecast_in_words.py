"""What past deals say, as the command line shows it when there are enough of them and when there are not."""

import json
from typing import Any

import pytest

from bole.funding.v1 import deal_analysis_service_pb2 as wire
from services.chassis.settings import load_settings
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.funding import deal_flow
from services.cli.session import Session
from services.funding.domain.deal.states import DealState as S
from services.funding.domain.pipeline.forecast import FEWEST, OnBoard, forecast
from services.funding.rpc.deals.analysis_wire import forecast_to_wire
from services.funding.service.deals.deal_flow import Ahead
from services.kernel.clock import civil_date
from services.kernel.text import Language
from tests.unit.funding.test_forecast import NOW, UNTIL, screened, signed

MILLION = 100_000_000


class _Service:
    """Answers as the funding service would."""

    def __init__(self, answer: wire.GetDealForecastResponse) -> None:
        self._answer = answer

    def GetDealForecast(self, request: Any, timeout: float) -> wire.GetDealForecastResponse:
        return self._answer


def printed(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    form: Format,
    language: Language,
    payments: int,
) -> str:
    past = [*[signed(10)] * payments, *[signed(31)] * 4, *map(screened, range(1, 13))]
    found = forecast(past, [OnBoard(S.SIGNED, 2 * MILLION), OnBoard(S.LEAD, MILLION)], NOW, UNTIL)
    counted = found.amount.deals if found.amount else 0
    ahead = Ahead(found, civil_date(NOW), civil_date(UNTIL), 2 - counted, 3 * MILLION - 2 * MILLION * counted)
    monkeypatch.setattr(deal_flow, "stub", lambda _: _Service(forecast_to_wire(ahead)))
    monkeypatch.setenv("COLUMNS", "300")
    deal_flow.forecast(Session(load_settings({}), Output(form, language), token=""), "funds/one", "")
    return "".join(capsys.readouterr())


def test_the_amount_comes_with_its_bounds_and_what_it_leaves_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    zh = printed(monkeypatch, capsys, Format.TABLE, "zh", 6)
    for words in (
        "2026年内预计还将出资 120万元（95%区间",
        "据 1 个在办项目",
        "另有 1 个在办项目（100万元）未计入",
        "12/12",
        "6 (3–10)",
    ):
        assert words in zh
    en = printed(monkeypatch, capsys, Format.TABLE, "en", 6)
    for words in (
        "CNY 1.2m expected to be paid in 2026 (",
        "from 1 deal",
        "1 deal more (CNY 1m) left out",
        "60% (31%–83%)",
    ):
        assert words in en


def test_on_too_few_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    zh = printed(monkeypatch, capsys, Format.TABLE, "zh", 5)
    assert "往期项目太少，不作预计" in zh
    assert f"太少（9<{FEWEST}）" in zh
    assert "另有 2 个在办项目（300万元）未计入" in zh


def test_programs_get_numbers(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(printed(monkeypatch, capsys, Format.JSON, "en", 6))
    [signed_stage] = [each for each in rows if each["stage"] == "signed"]
    assert (signed_stage["paid_count"], signed_stage["followed"]) == (6, 10)
    assert signed_stage["paid"]["value"] == pytest.approx(0.6)
    assert signed_stage["amount"] == "2000000.00"
