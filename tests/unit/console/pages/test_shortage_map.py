"""The map says by which number it was approved; the card of a cell says why it is short, and who and what fills it."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.type import date_pb2

from bole.common.v1 import text_pb2
from bole.funding.v1 import deal_pb2, firm_pb2
from bole.matcher.v1 import match_pb2, matching_service_pb2
from bole.talent.v1 import expected_hire_service_pb2
from bole.talent.v1 import shortage_analysis_service_pb2 as analysis
from bole.talent.v1 import shortage_pb2 as shortage
from bole.talent.v1 import shortage_service_pb2 as service
from services.catalogue.loading import load
from services.chassis.settings import load_settings
from services.console.pages.shortage.shortage import show
from services.paper.geography import Map, load_map
from tests.unit.console.pages.visiting import Nobody, visit

SCOPE = shortage.ShortageScope(industry_code="hydrogen", city_code="suzhou")
CATALOGUE = load()


def _text(said: str) -> text_pb2.Text:
    return text_pb2.Text(zh=said, en=said)


class Shortage(Nobody):
    """A service that knows one cell in full, and of no other."""

    def __init__(self, deals: bool = True) -> None:
        self.deals = deals
        self.cell = shortage.ShortageCell(scope=SCOPE, index=62, low=50, high=74, stars=3, open_headcount=12)
        self.cell.contributions.add(name="constant", value=0.0)
        self.cell.contributions.add(name="tightness", value=0.8)
        self.cell.contributions.add(name="salary", value=-0.3)
        self.cell.drivers.add(code="TRAINING", cause=_text("培养不足"), remedy=_text("扩大招生"))

    def stub(self, *_: Any) -> Any:
        """The service."""
        return self

    def GetShortageGrid(self, request: Any, **_: Any) -> Any:
        """Cities without anything in them, but for a direction of one industry in two of them."""
        cities = [each.id for each in CATALOGUE.cities]
        totals = [shortage.ShortageCell(scope=shortage.ShortageScope(city_code=each)) for each in cities]
        answer = service.GetShortageGridResponse(column_codes=cities, column_totals=totals)
        if request.scope.industry_code == "hydrogen":
            indices = {"suzhou": 71, "nanjing": 55}
            answer.row_codes.append("seawater-h2")
            answer.cells.extend(shortage.ShortageCell(index=indices.get(each)) for each in cities)
        return answer

    def RankShortageCells(self, *_: Any, **__: Any) -> Any:
        """None."""
        return service.RankShortageCellsResponse()

    def GetShortageCell(self, *_: Any, **__: Any) -> Any:
        """The one."""
        near = service.ShortageSurplus(city_code="wuxi", people=7, distance_km=45)
        return service.GetShortageCellResponse(cell=self.cell, surplus_cities=[near])

    def GetShortageTrend(self, *_: Any, **__: Any) -> Any:
        """Unknown."""
        return analysis.GetShortageTrendResponse()

    def FindMatches(self, *_: Any, **__: Any) -> Any:
        """Somebody."""
        fits = match_pb2.Candidate(name="persons/p", person_name="王**", city_code="wuxi", probability=0.4)
        fits.contributions.add(name="direction", value=1, reason=_text("同一方向"))
        return matching_service_pb2.FindMatchesResponse(candidates=[fits], admitted_count=31)

    def ListExpectedHires(self, *_: Any, **__: Any) -> Any:
        """Of one deal."""
        hire = expected_hire_service_pb2.ExpectedHire(
            deal="deals/d",
            remaining_headcount=2.5,
            end_date=date_pb2.Date(year=2028, month=9, day=30),
            basis="BASIS_PLAN",
        )
        return expected_hire_service_pb2.ListExpectedHiresResponse(expected_hires=[hire], total_size=3)

    def GetDeal(self, *_: Any, **__: Any) -> Any:
        """One."""
        if not self.deals:
            raise grpc.RpcError
        return deal_pb2.Deal(name="deals/d", round="A", firm="firms/f")

    def GetFirm(self, *_: Any, **__: Any) -> Any:
        """One."""
        return firm_pb2.Firm(display_name="晶元")

    def __getattr__(self, _: str) -> Callable[..., Any]:
        """Whatever else a page would have beside its subject is refused."""

        def refuse(*_: Any, **__: Any) -> Any:
            raise grpc.RpcError

        return refuse


def _shown(drawn: Map, *, deals: bool = True, **asked: str) -> str:
    return bytes(show(replace(visit(asked), backend=Shortage(deals)), drawn).body).decode()


def _map(**settings: str) -> Map:
    return load_map(load_settings(settings), CATALOGUE)


def test_under_the_map_stands_its_number_of_approval_or_that_it_is_a_schematic(tmp_path: Path) -> None:
    approved = _map(BOLE_DATA_DIR=str(tmp_path), BOLE_MAP_APPROVAL_NO="苏S（2026）999号")
    page = _shown(approved)
    assert "审图号：苏S（2026）999号" in page
    assert "示意图" not in page
    page = _shown(_map(BOLE_DATA_DIR=str(tmp_path)))
    assert "示意图，不作为划界依据" in page
    assert "审图号" not in page


@pytest.fixture(scope="module")
def card() -> str:
    """The card of the cell, as it stands on the page."""
    page = _shown(_map(), industry="hydrogen", city="suzhou")
    return page[page.index('id="cell"') :]


def test_a_cell_adds_up_from_its_parts(card: str) -> None:
    parts = re.findall(r'<th scope="row">([^<]+)</th>.*?<td class="n">([+-][\d.]+)</td>', card)
    assert [value for _, value in parts] == ["+0.80", "-0.30"], "a constant of nothing is no part"
    assert len(re.findall('rect class="less"', card)) == 1


def test_a_cell_says_why_it_is_short_and_what_helps(card: str) -> None:
    assert re.search(r"培养不足 → <strong>扩大招生</strong>", card)


def test_a_cell_leads_to_cities_nearby_with_people_to_spare(card: str) -> None:
    assert re.search(r'href="[^"]*city=wuxi[^"]*">无锡市? 7 人 · 45 km', card)


def test_a_cell_names_who_could_fill_it_and_leads_to_the_whole_list(card: str) -> None:
    assert '<a hx-boost="false" href="/people/p">王**</a>' in card
    assert "同一方向" in card
    assert "全部 31 名候选人" in card
    assert re.search(r'href="/matches\?kind=person-cell[^"]*candidate=persons%2Fp#pair"', card)


def test_a_cell_names_the_deals_that_feed_it_and_how_many_more_there_are(card: str) -> None:
    assert "带动需求的投资项目" in card
    assert re.search(r'<a href="/deals/d" [^>]*>晶元 · \S+</a>.*class="n">2\.5</td>', card)
    assert re.search(r"另有\s+2\s+项", card)


def test_whoever_may_not_see_deals_reads_how_many_there_are_and_no_number_of_one() -> None:
    page = _shown(_map(), deals=False, industry="hydrogen", city="suzhou")
    assert "deals/d" not in page
    assert re.search(
        r'<th scope="row">1 个已投资的项目</th>.*1 个按企业用人计划；.*class="n">2\.5</td>.*2028-09-30', page
    )
    assert re.search(r"另有\s+2\s+项", page)


def test_a_map_without_a_cell_that_can_be_ranked_leads_to_its_highest_indices() -> None:
    page = _shown(_map(), industry="hydrogen")
    told = page[page.index('id="tightest"') :]
    assert "没有可排名的单元格" in told
    found = re.findall(r'href="[^"]*city=(\w+)[^"]*">[^<]* · 海水制氢</a> <span class="n">(\d+)</span>', told)
    assert found == [("suzhou", "71"), ("nanjing", "55")]
    assert "证据为 D 级" in told
    assert "证据为 D 级" not in _shown(_map(), industry="future-network")
