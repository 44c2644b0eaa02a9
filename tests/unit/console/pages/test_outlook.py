"""What deals lack and what past deals say, on the page."""

import re

import pytest

from bole.funding.v1 import deal_analysis_pb2
from bole.funding.v1 import deal_analysis_service_pb2 as wire
from services.chassis.rpc.wire import money_to_wire
from services.console.pages.beside import Beside
from services.console.pages.deals.outlook import Outlook
from services.console.web.rendering import render
from services.kernel.money import Money
from services.kernel.text import Language
from tests.unit.console.pages.visiting import visit


@pytest.mark.parametrize(
    ("language", "lacking", "ahead"),
    [
        ("zh", "10 其中 1 个暂缓或待补充 齐备 0/10", "10 · 9,450万元 其中 1 个暂缓或待补充"),
        ("en", "10 1 of them parked complete 0/10", "10 · CNY 94.5m 1 of them parked"),
    ],
)
def test_a_stage_counts_the_deals_that_its_amount_and_its_shares_are_of(
    language: Language, lacking: str, ahead: str
) -> None:
    asks = deal_analysis_pb2.StageCompletion(deal_count=10, parked_count=1)
    amount = money_to_wire(Money(94_500_000_00))
    stage = deal_analysis_pb2.StageForecast(deal_count=10, parked_count=1, amount=amount)
    found = Outlook(
        Beside(wire.GetDealCompletionResponse(deal_count=10, stages=[asks]), None),
        Beside(wire.GetDealForecastResponse(stages=[stage]), None),
    )
    page = bytes(render(visit(language=language), "deals/outlook.html", outlook=found).body).decode()
    said = " ".join(re.sub("<[^>]+>", " ", page).split())
    assert lacking in said
    assert ahead in said
