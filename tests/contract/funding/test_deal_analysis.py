from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from bole.funding.v1 import deal_analysis_service_pb2 as wire
from bole.funding.v1 import (
    deal_analysis_service_pb2_grpc,
    firm_service_pb2,
    firm_service_pb2_grpc,
    fund_service_pb2,
    fund_service_pb2_grpc,
    screening_service_pb2,
    screening_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from tests.contract.installation import MANAGER, Installation, refused


def stub(of: grpc.Channel) -> Any:
    return deal_analysis_service_pb2_grpc.DealAnalysisServiceStub(of)


@pytest.fixture
def channel(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER, Grant("fund_analyst")) as opened:
        yield opened


@pytest.fixture
def screened(channel: grpc.Channel) -> Any:
    """The deals of the busiest fund, best first, with the fund."""
    screens = screening_service_pb2_grpc.ScreeningServiceStub(channel)
    funds = (
        fund_service_pb2_grpc.FundServiceStub(channel).ListFunds(fund_service_pb2.ListFundsRequest()).funds
    )
    answers = [
        screens.ScreenDeals(
            screening_service_pb2.ScreenDealsRequest(
                fund=each.name, page_size=200, filter="state != DECLINED AND state != INVESTED"
            )
        )
        for each in funds
    ]
    return max(answers, key=lambda each: each.total_size).deals


def test_too_large_a_ticket_is_refused_with_what_would_be_legal(channel: grpc.Channel, screened: Any) -> None:
    """“这笔3000万投得出去吗？”"""
    deal = screened[0].deal
    asked = wire.SimulateDealRequest(name=deal.name, ticket=Money(currency_code="CNY", units=900_000_000))
    found = stub(channel).SimulateDeal(asked)
    failed = {each.code: each for each in found.screened.checks if each.outcome == 2}
    assert "TICKET_TOO_LARGE" in failed
    assert failed["TICKET_TOO_LARGE"].headroom_exact.startswith("-")
    assert found.headroom_before.units - found.headroom_after.units == 900_000_000
    for each in found.alternatives:
        assert each.ticket.units < 900_000_000
        assert each.title.zh
        assert each.title.en
    own = [each for each in found.alternatives if each.fund == deal.fund]
    assert len(own) <= 1
    as_it_is = stub(channel).SimulateDeal(wire.SimulateDealRequest(name=deal.name))
    assert as_it_is.screened.eligible is screened[0].eligible
    assert not as_it_is.alternatives or not as_it_is.screened.eligible


def test_what_is_left_of_every_quota_after_one_more_deal(channel: grpc.Channel, screened: Any) -> None:
    """“再投这一笔以后，单一项目20%、早期70%还剩多少？”"""
    deal = screened[0].deal
    request = wire.GetFundHeadroomRequest(
        name=deal.fund,
        what_if=[
            wire.GetFundHeadroomRequest.WhatIf(deal=deal.name, ticket=Money(currency_code="CNY", units=10))
        ],
    )
    found = stub(channel).GetFundHeadroom(request)
    assert found.quotas
    assert all(each.citation.zh and each.limit for each in found.quotas)
    heaviest = {each.code: each.firm for each in found.quotas if each.firm}
    assert set(heaviest) == {"SINGLE_PROJECT_CONCENTRATION"}
    firms = firm_service_pb2_grpc.FirmServiceStub(channel)
    for name in heaviest.values():
        assert firms.GetFirm(firm_service_pb2.GetFirmRequest(name=name)).name == name
    none = stub(channel).GetFundHeadroom(wire.GetFundHeadroomRequest(name=deal.fund))
    assert none.headroom_before == none.headroom_after == found.headroom_before
    assert all(each.before == each.after for each in none.quotas)
    request.what_if.add(deal=deal.name)
    assert refused(stub(channel).GetFundHeadroom, request).reason == "DEAL_REPEATED"


def test_why_this_rank_and_not_that_one(channel: grpc.Channel, screened: Any) -> None:
    """“为什么这家排第3不排第1？”"""
    first, third = screened[0].deal, screened[2].deal
    found = stub(channel).ExplainRank(wire.ExplainRankRequest(name=third.name, versus=first.name))
    assert found.rank > found.versus_rank >= 1
    assert found.deal_count >= found.rank
    assert {each.score for each in found.dimensions} == {"EARLY", "SMALL", "LONG", "HARD"}
    assert any(each.points_if_verified > 0 for each in found.dimensions)
    same = stub(channel).ExplainRank(wire.ExplainRankRequest(name=first.name, versus=first.name))
    assert same.rank == same.versus_rank
    assert (
        refused(stub(channel).ExplainRank, wire.ExplainRankRequest(name=first.name)).code
        == "INVALID_ARGUMENT"
    )


def test_deals_side_by_side(channel: grpc.Channel, screened: Any) -> None:
    names = [each.deal.name for each in screened[:3]]
    found = stub(channel).CompareDeals(wire.CompareDealsRequest(names=names))
    assert [each.deal.name for each in found.deals] == names
    for wrong in (names[:1], [names[0]] * 2, names * 3):
        failure = refused(stub(channel).CompareDeals, wire.CompareDealsRequest(names=wrong))
        assert failure.code == "INVALID_ARGUMENT"


def test_how_far_the_deals_of_a_year_came(channel: grpc.Channel) -> None:
    """“去年申报的项目最后转化了多少？”"""
    years = [
        wire.GetPipelineFunnelRequest(
            from_date=Date(year=year, month=1, day=1), until_date=Date(year=year + 1, month=1, day=1)
        )
        for year in range(2022, 2028)
    ]
    found = max(
        (stub(channel).GetPipelineFunnel(each) for each in years), key=lambda each: each.steps[0].deal_count
    )
    counts = [each.deal_count for each in found.steps]
    assert counts[0] > 0
    assert counts == sorted(counts, reverse=True)
    assert next(each.title.zh for each in found.steps) == "已申报"
    backwards = wire.GetPipelineFunnelRequest(
        from_date=Date(year=2026, month=1, day=1), until_date=Date(year=2025, month=1, day=1)
    )
    assert refused(stub(channel).GetPipelineFunnel, backwards).reason == "EMPTY_PERIOD"


def test_what_the_deals_of_each_stage_lack(channel: grpc.Channel, screened: Any) -> None:
    fund = screened[0].deal.fund
    whole = stub(channel).GetDealCompletion(wire.GetDealCompletionRequest(fund=fund))
    assert [each.state for each in whole.stages][:2] == ["LEAD", "SUBMITTED"]
    assert whole.deal_count == sum(each.deal_count for each in whole.stages) > 0
    for stage in whole.stages:
        for item in stage.items:
            assert item.title.zh
            assert item.title.en
            lacking = stage.deal_count - item.have_count
            assert len(item.lacking) == min(lacking, 50)
            assert stage.complete_count <= item.have_count
    narrow = wire.GetDealCompletionRequest(fund=fund, filter="state = SCREENING")
    found = stub(channel).GetDealCompletion(narrow)
    states = {each.state: each.deal_count for each in found.stages}
    assert states["SCREENING"] == found.deal_count < whole.deal_count


def test_what_past_deals_say_of_the_board(channel: grpc.Channel, screened: Any) -> None:
    """The sample's deals are imported and so say too little; then no figure stands there."""
    fund = screened[0].deal.fund
    found = stub(channel).GetDealForecast(wire.GetDealForecastRequest(fund=fund))
    assert [each.state for each in found.stages][-1] == "SIGNED"
    assert (found.until_date.month, found.until_date.day) == (1, 1)
    assert found.until_date.year == found.as_of_date.year + 1
    assert not found.HasField("expected")
    assert found.left_out_count > 0
    assert not any(each.HasField("share") for each in found.stages if each.settled_count < found.fewest)
    assert all(each.text.zh and each.text.en for each in found.method)
    none = stub(channel).GetDealForecast(wire.GetDealForecastRequest(fund=fund, filter="ticket < 1"))
    assert none.left_out_count == 0


@pytest.mark.parametrize("name", ["GetDealCompletion", "GetDealForecast"])
def test_a_board_that_cannot_be_asked_about_is_refused(
    channel: grpc.Channel, screened: Any, name: str
) -> None:
    call, request = getattr(stub(channel), name), getattr(wire, f"{name}Request")
    assert refused(call, request(fund="funds/none")).code == "NOT_FOUND"
    assert refused(call, request()).code == "INVALID_ARGUMENT"
    assert refused(call, request(fund=screened[0].deal.fund, filter="luck > 3")).code == "INVALID_ARGUMENT"


def test_the_method_is_published(channel: grpc.Channel, screened: Any) -> None:
    general = stub(channel).GetScreeningMethod(wire.GetScreeningMethodRequest())
    of_fund = stub(channel).GetScreeningMethod(wire.GetScreeningMethodRequest(fund=screened[0].deal.fund))
    assert len(of_fund.sections) == len(general.sections) + 1
    assert all(each.text.zh and each.text.en for each in of_fund.sections)
    missing = wire.GetScreeningMethodRequest(fund="funds/none")
    assert refused(stub(channel).GetScreeningMethod, missing).code == "NOT_FOUND"


@pytest.mark.parametrize("money", [Money(currency_code="USD", units=1), Money(currency_code="CNY", units=-1)])
def test_terms_that_cannot_be_are_refused(channel: grpc.Channel, screened: Any, money: Money) -> None:
    request = wire.SimulateDealRequest(name=screened[0].deal.name, ticket=money)
    assert refused(stub(channel).SimulateDeal, request).code == "INVALID_ARGUMENT"
    assert (
        refused(stub(channel).SimulateDeal, wire.SimulateDealRequest(name="deals/none")).code == "NOT_FOUND"
    )


def test_what_a_fund_can_look_at_today_by_hard_technology(channel: grpc.Channel, screened: Any) -> None:
    """“今天能看的种子、初创期、单笔≤2000万的项目，按硬科技排。”"""
    screens = screening_service_pb2_grpc.ScreeningServiceStub(channel)
    request = screening_service_pb2.ScreenDealsRequest(
        fund=screened[0].deal.fund,
        filter="(stage = SEED OR stage = STARTUP) AND ticket <= 2000万 AND eligible = true",
        order_by="hard desc",
        facets=["eligible", "blocking", "industry_code", "stage", "band"],
        page_size=50,
    )
    found = screens.ScreenDeals(request)
    hard = [each.scores[3].value for each in found.deals if each.scores[3].HasField("value")]
    assert hard == sorted(hard, reverse=True)
    assert all(each.eligible and each.deal.ticket.units <= 20_000_000 for each in found.deals)
    facets = {each.field: {value.value: value for value in each.values} for each in found.facets}
    assert facets["eligible"]["true"].count == found.total_size
    assert facets["eligible"]["true"].sum_fen == found.total_ticket.units * 100
    left_out = facets["eligible"]["false"].count
    request.filter = "(stage = SEED OR stage = STARTUP) AND ticket <= 2000万 AND eligible = false"
    request.facets[:] = ["blocking"]
    others = screens.ScreenDeals(request)
    assert others.total_size == left_out
    assert max(each.count for each in others.facets[0].values) <= left_out
    assert "GROWTH" in facets["stage"]  # counted without its own restriction, noughts kept
    judged = screens.ScreenDeals(
        screening_service_pb2.ScreenDealsRequest(fund=screened[0].deal.fund, mandate_revision=1)
    )
    assert judged.mandate_revision == 1
    wrong = screening_service_pb2.ScreenDealsRequest(fund=screened[0].deal.fund, mandate_revision=999)
    assert refused(screens.ScreenDeals, wrong).code == "NOT_FOUND"
