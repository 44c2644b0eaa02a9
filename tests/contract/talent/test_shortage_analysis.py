"""ShortageAnalysisService: every question with a good request and several bad ones; hidden cells stay hidden."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from bole.talent.v1 import (
    shortage_analysis_pb2,
    shortage_analysis_service_pb2_grpc,
    shortage_pb2,
    shortage_service_pb2_grpc,
)
from bole.talent.v1 import shortage_analysis_service_pb2 as wire
from bole.talent.v1 import shortage_service_pb2 as map_wire
from services.chassis.identity.identity import Grant
from tests.contract.installation import OFFICER, Installation, fields, refused

INDUSTRY = shortage_pb2.SHORTAGE_DIMENSION_INDUSTRY
DIRECTION = shortage_pb2.SHORTAGE_DIMENSION_DIRECTION
CITY = shortage_pb2.SHORTAGE_DIMENSION_CITY
CATEGORY = shortage_pb2.SHORTAGE_DIMENSION_CATEGORY
SCOPE = shortage_pb2.ShortageScope
MEANS = shortage_analysis_pb2.RecruitmentMeans
WEIGHT = shortage_analysis_pb2.ShortageWeight
GRID: dict[str, Any] = {"rows": INDUSTRY, "columns": CITY}
FUTURE = Date(year=2199, month=1, day=1)


@pytest.fixture
def analysis(whole: Installation) -> Iterator[Any]:
    with whole.channel("talent", Grant("talent_viewer")) as channel:
        yield shortage_analysis_service_pb2_grpc.ShortageAnalysisServiceStub(channel)


@pytest.fixture
def officer(whole: Installation) -> Iterator[Any]:
    with whole.channel("talent", OFFICER) as channel:
        yield shortage_analysis_service_pb2_grpc.ShortageAnalysisServiceStub(channel)


@pytest.fixture
def cells(whole: Installation) -> dict[bool, list[shortage_pb2.ShortageCell]]:
    """Cells of the finest grid of one city that have an index, and hidden ones."""
    with whole.channel("talent", Grant("talent_viewer")) as channel:
        stub = shortage_service_pb2_grpc.ShortageServiceStub(channel)
        found = [
            *stub.GetShortageGrid(map_wire.GetShortageGridRequest(**GRID)).cells,
            *stub.GetShortageGrid(
                map_wire.GetShortageGridRequest(
                    rows=DIRECTION, columns=CATEGORY, scope=SCOPE(city_code="suqian")
                )
            ).cells,
        ]
    hidden = [each for each in found if each.hidden]
    shown = [each for each in found if each.HasField("index") and each.grade != each.GRADE_D]
    assert hidden
    assert shown
    return {True: hidden, False: shown}


def numberless(cell: shortage_pb2.ShortageCell) -> bool:
    return cell.hidden and not any(
        cell.HasField(field) for field in ("index", "low", "high", "log_odds", "supply", "gap")
    )


def test_a_trend_ends_with_the_day_asked_for(analysis: Any, cells: Any) -> None:
    scope = cells[False][0].scope
    found = analysis.GetShortageTrend(wire.GetShortageTrendRequest(scope=scope, quarters=2))
    days = [(each.date.year, each.date.month, each.date.day) for each in found.points]
    assert len(days) == 1, "no quarter has closed yet"
    assert not found.HasField("change")
    assert found.points[-1].cell.index == cells[False][0].index
    assert found.method_note.zh
    assert found.method_version


def test_a_hidden_cell_has_no_trend(analysis: Any, cells: Any) -> None:
    found = analysis.GetShortageTrend(wire.GetShortageTrendRequest(scope=cells[True][0].scope, quarters=1))
    assert numberless(found.points[-1].cell)
    assert not found.HasField("change")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"quarters": 21}, "quarters"),
        ({"quarters": -1}, "quarters"),
        ({"scope": SCOPE(city_code="atlantis")}, "scope.city_code"),
        ({"as_of_date": FUTURE}, "as_of_date"),
    ],
)
def test_a_wrong_trend_is_refused_by_field(analysis: Any, asked: dict[str, Any], field: str) -> None:
    failure = refused(analysis.GetShortageTrend, wire.GetShortageTrendRequest(**asked))
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)


def test_cities_are_compared_with_probabilities_and_rank_intervals(analysis: Any) -> None:
    found = analysis.CompareShortageCities(
        wire.CompareShortageCitiesRequest(city_codes=["苏州", "nanjing", "wuxi"])
    )
    assert [each.cell.scope.city_code for each in found.cities] == ["suzhou", "nanjing", "wuxi"]
    for each in found.cities:
        if each.cell.HasField("index"):
            assert 1 <= each.first_rank <= each.last_rank <= found.ranked_count
            assert each.standardised_low <= each.standardised_index <= each.standardised_high
            assert each.demand_quotient == pytest.approx(1.0), "of everything, every city is as the province"
    index = {each.cell.scope.city_code: each.cell.index for each in found.cities}
    assert found.pairs
    for pair in found.pairs:
        assert (pair.probability > 0.5) == (index[pair.city_code] > index[pair.other_city_code])


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "city_codes"),
        ({"city_codes": ["suzhou"]}, "city_codes"),
        ({"city_codes": ["suzhou", "苏州"]}, "city_codes"),
        ({"city_codes": ["suzhou", "wuxi", "nantong", "nanjing", "xuzhou"]}, "city_codes"),
        ({"city_codes": ["suzhou", "atlantis"]}, "city_codes[1]"),
        ({"city_codes": ["suzhou", "wuxi"], "scope": SCOPE(city_code="wuxi")}, "scope.city_code"),
        ({"city_codes": ["suzhou", "wuxi"], "as_of_date": FUTURE}, "as_of_date"),
    ],
)
def test_a_wrong_comparison_is_refused_by_field(analysis: Any, asked: dict[str, Any], field: str) -> None:
    failure = refused(analysis.CompareShortageCities, wire.CompareShortageCitiesRequest(**asked))
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)


def test_without_history_a_forecast_says_what_is_lacking(analysis: Any, cells: Any) -> None:
    found = analysis.ForecastShortage(wire.ForecastShortageRequest(scope=cells[False][0].scope))
    assert not found.months
    assert "4" in found.note.zh
    assert found.note.en
    hidden = analysis.ForecastShortage(wire.ForecastShortageRequest(scope=cells[True][0].scope))
    assert numberless(hidden.cell)
    assert not hidden.months


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"months": 25}, "months"), ({"threshold": -1}, "threshold"), ({"as_of_date": FUTURE}, "as_of_date")],
)
def test_a_wrong_forecast_is_refused_by_field(analysis: Any, asked: dict[str, Any], field: str) -> None:
    failure = refused(analysis.ForecastShortage, wire.ForecastShortageRequest(**asked))
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)


def test_what_if_recruiting_lowers_the_index_and_its_parts_add_up(analysis: Any, cells: Any) -> None:
    cell = cells[False][0]
    found = analysis.SimulateShortage(wire.SimulateShortageRequest(scope=cell.scope, recruits=20))
    assert found.before.index == pytest.approx(cell.index)
    assert found.after.index < found.before.index
    assert found.after.supply == pytest.approx(cell.supply + 20)
    for each in (found.before, found.after):
        assert sum(part.value for part in each.contributions) == pytest.approx(each.log_odds)


def test_a_hidden_cell_is_not_simulated_into_sight(analysis: Any, cells: Any) -> None:
    found = analysis.SimulateShortage(wire.SimulateShortageRequest(scope=cells[True][0].scope, recruits=1000))
    assert numberless(found.before)
    assert not found.HasField("after")
    assert not found.HasField("uncovered_before")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"recruits": -1}, "recruits"),
        ({"training_places": 1_000_001}, "training_places"),
        ({"funded_firms": -1}, "funded_firms"),
        ({"exits_avoided": 1.01}, "exits_avoided"),
        ({"exits_avoided": float("nan")}, "exits_avoided"),
        ({"scope": SCOPE(industry_code="hydrogen", direction_code="seawater-h2")}, "scope.direction_code"),
    ],
)
def test_a_wrong_what_if_is_refused_by_field(analysis: Any, asked: dict[str, Any], field: str) -> None:
    failure = refused(analysis.SimulateShortage, wire.SimulateShortageRequest(**asked))
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)


def test_other_weights_give_other_indices_and_the_default_ones_the_same(analysis: Any) -> None:
    def reweighed(**weights: float) -> wire.ReweighShortageResponse:
        named = [WEIGHT(component=name, weight=value) for name, value in weights.items()]
        answer: wire.ReweighShortageResponse = analysis.ReweighShortage(
            wire.ReweighShortageRequest(**GRID, weights=named, page_size=500)
        )
        return answer

    usual = reweighed(tightness=0.35, difficulty=0.25, pipeline=0.2, momentum=0.1, flow=0.1)
    assert usual.same_star_share == 1.0
    assert usual.cells
    for each in usual.cells:
        assert each.cell.index == pytest.approx(each.method_index)
        assert each.robust_low <= each.cell.index <= each.robust_high
        assert 0 <= each.same_star_share <= 1
    other = reweighed(difficulty=1.0)
    assert other.method_version != usual.method_version
    assert any(abs(each.cell.index - each.method_index) > 1 for each in other.cells)


@pytest.mark.parametrize(
    ("weights", "field"),
    [
        ([], "weights"),
        ([WEIGHT(component="tightness", weight=0)], "weights"),
        ([WEIGHT(component="tightness", weight=-1), WEIGHT(component="flow", weight=2)], "weights"),
        ([WEIGHT(component="tightness", weight=float("nan"))], "weights[0].weight"),
        ([WEIGHT(component="charm", weight=1)], "weights"),
        ([WEIGHT(component="flow", weight=1), WEIGHT(component="flow", weight=1)], "weights"),
        ([WEIGHT(component="flow")], "weights[0].weight"),
    ],
)
def test_unusable_weights_are_refused_in_plain_words(
    analysis: Any, weights: list[shortage_analysis_pb2.ShortageWeight], field: str
) -> None:
    failure = refused(analysis.ReweighShortage, wire.ReweighShortageRequest(**GRID, weights=weights))
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)


def test_a_plan_is_tried_kept_once_read_and_listed(officer: Any, analysis: Any) -> None:
    request = wire.AllocateRecruitmentRequest(**GRID, means=MEANS(recruits=30, training_places=20))
    tried = officer.AllocateRecruitment(
        wire.AllocateRecruitmentRequest(**GRID, means=request.means, validate_only=True)
    )
    assert not tried.name
    request.request_id = str(uuid4())
    plan = officer.AllocateRecruitment(request)
    assert officer.AllocateRecruitment(request) == plan
    assert plan.name.startswith("recruitmentPlans/")
    assert plan.lines == tried.lines
    assert 0 < sum(line.recruits for line in plan.lines) <= 30
    assert sum(line.training_places for line in plan.lines) <= 20
    assert plan.closed_low <= plan.closed_gap <= plan.closed_high
    assert plan.closed_gap <= plan.expected_gap
    read = analysis.GetRecruitmentPlan(wire.GetRecruitmentPlanRequest(name=plan.name))
    assert read == plan
    assert not read.HasField("realised_gap"), "it is not due yet"
    listed = analysis.ListRecruitmentPlans(wire.ListRecruitmentPlansRequest(page_size=1))
    assert listed.plans[0].name == plan.name
    assert not listed.plans[0].lines
    assert listed.total_size >= 1


def test_money_is_spent_to_the_fen_and_never_more_than_there_is(officer: Any) -> None:
    means = MEANS(
        amount=Money(currency_code="CNY", units=1_000_000),
        recruitment_cost=Money(currency_code="CNY", units=123_456, nanos=780_000_000),
        training_place_cost=Money(currency_code="CNY", units=40_000),
    )
    plan = officer.AllocateRecruitment(
        wire.AllocateRecruitmentRequest(**GRID, means=means, validate_only=True)
    )
    spent = plan.spent.units * 100 + plan.spent.nanos // 10_000_000
    assert spent == sum(12_345_678 * line.recruits + 4_000_000 * line.training_places for line in plan.lines)
    assert 0 < spent <= 100_000_000


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"means": MEANS()}, "means.recruits"),
        ({"means": None}, "means"),
        ({"means": MEANS(recruits=-1)}, "means.recruits"),
        ({"means": MEANS(training_places=10_001)}, "means.training_places"),
        ({"means": MEANS(recruits=1, amount=Money(currency_code="CNY", units=1))}, "means.amount"),
        ({"means": MEANS(amount=Money(currency_code="USD", units=1))}, "means.amount"),
        (
            {
                "means": MEANS(
                    amount=Money(currency_code="CNY", units=5),
                    recruitment_cost=Money(currency_code="CNY"),
                )
            },
            "means.recruitment_cost",
        ),
        ({"columns": DIRECTION}, "columns"),
        ({"quarters_ahead": 9}, "quarters_ahead"),
        ({"request_id": "once"}, "request_id"),
    ],
)
def test_a_wrong_allocation_is_refused_by_field(officer: Any, asked: dict[str, Any], field: str) -> None:
    request = wire.AllocateRecruitmentRequest(**{**GRID, "means": MEANS(recruits=3), **asked})
    failure = refused(officer.AllocateRecruitment, request)
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)


def test_only_officers_keep_plans_and_forecasts(analysis: Any) -> None:
    for call, request in (
        (analysis.AllocateRecruitment, wire.AllocateRecruitmentRequest(**GRID, means=MEANS(recruits=3))),
        (analysis.PublishShortageForecast, wire.PublishShortageForecastRequest(**GRID)),
    ):
        assert refused(call, request).code == "PERMISSION_DENIED"


def test_without_history_nothing_is_published(officer: Any) -> None:
    failure = refused(officer.PublishShortageForecast, wire.PublishShortageForecastRequest(**GRID))
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "HISTORY_TOO_SHORT")
    wrong = wire.PublishShortageForecastRequest(rows=CITY, columns=CITY, quarters_ahead=-1)
    assert {"quarters_ahead"} <= set(fields(refused(officer.PublishShortageForecast, wrong)))


def test_unknown_and_wrong_names_are_told_apart(analysis: Any) -> None:
    for call, request, collection in (
        (analysis.GetRecruitmentPlan, wire.GetRecruitmentPlanRequest, "recruitmentPlans"),
        (analysis.GetShortageForecast, wire.GetShortageForecastRequest, "shortageForecasts"),
    ):
        assert refused(call, request(name=f"{collection}/nobody")).code == "NOT_FOUND"
        assert refused(call, request(name="people/1")).code == "INVALID_ARGUMENT"
        assert fields(refused(call, request())) == ["name"]


def test_wrong_pages_are_refused(analysis: Any) -> None:
    assert analysis.ListShortageForecasts(wire.ListShortageForecastsRequest()).total_size == 0
    for call, request in (
        (analysis.ListRecruitmentPlans, wire.ListRecruitmentPlansRequest),
        (analysis.ListShortageForecasts, wire.ListShortageForecastsRequest),
    ):
        assert fields(refused(call, request(page_size=-1))) == ["page_size"]
        assert fields(refused(call, request(page_token="forged"))) == ["page_token"]
