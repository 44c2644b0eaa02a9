"""Questions that cannot be asked: each is told its column, its rule and what to write instead; nothing is guessed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.type.date_pb2 import Date

from bole.funding.v1 import (
    deal_analysis_service_pb2,
    deal_analysis_service_pb2_grpc,
    deal_pb2,
    deal_service_pb2,
    deal_service_pb2_grpc,
    fund_service_pb2,
    fund_service_pb2_grpc,
    screening_service_pb2,
    screening_service_pb2_grpc,
)
from services.chassis.rpc.wire import date_to_wire
from services.kernel.clock import civil_date
from tests.contract.installation import MANAGER, Installation, fields, refused

wire = screening_service_pb2


@pytest.fixture
def asked(whole: Installation) -> Iterator[tuple[Any, Any, str]]:
    """Screening, analysis, and a fund."""
    with whole.channel("funding", MANAGER) as channel:
        funds = fund_service_pb2_grpc.FundServiceStub(channel)
        fund = funds.ListFunds(fund_service_pb2.ListFundsRequest()).funds[0].name
        yield (
            screening_service_pb2_grpc.ScreeningServiceStub(channel),
            deal_analysis_service_pb2_grpc.DealAnalysisServiceStub(channel),
            fund,
        )


@pytest.mark.parametrize(
    ("filter_", "reason", "said"),
    [
        ("stage = ", "INVALID_FILTER", ""),
        ("stgae = SEED", "INVALID_FILTER", "stage"),
        ("stage = seed", "INVALID_FILTER", "SEED"),
        ('ticket > "abc"', "INVALID_FILTER", "abc"),
        ("hard > 101", "INVALID_FILTER", "100"),
        ("stage = 种子", "INVALID_FILTER", "种子期"),
        ("blocking:NOT_SMAL", "INVALID_FILTER", "NOT_SMALL"),
        ("stage = SEED AND (", "INVALID_FILTER", ""),
        ("firm_name:" + "长" * 2000, "", ""),
        ("firm_words = 氢", "INVALID_FILTER", "firm_words"),
        ('firm_words:" "', "INVALID_FILTER", "firm_words"),
        ("firm_words:" + "长" * 201, "INVALID_FILTER", "200"),
        (" AND ".join(["stage = SEED"] * 60), "FILTER_TOO_COMPLEX", ""),
        ("(" * 12 + "stage = SEED" + ")" * 12, "FILTER_TOO_COMPLEX", ""),
    ],
)
def test_a_filter_that_cannot_be_is_told_where(
    asked: tuple[Any, Any, str], filter_: str, reason: str, said: str
) -> None:
    screening, _, fund = asked
    failure = refused(screening.ScreenDeals, wire.ScreenDealsRequest(fund=fund, filter=filter_))
    assert failure.code == "INVALID_ARGUMENT"
    assert reason in {"", failure.reason, *(each.reason for each in failure.violations)}
    texts = [failure.text, *(each.text for each in failure.violations)]
    assert any(said in each.zh and said in each.en for each in texts), texts


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("stage = 种子期", "stage = SEED"),
        ("state = 尽调 OR state = 内投", "state = DUE_DILIGENCE OR state = IC_INTERNAL"),
        ("blocking:地域", "blocking:CITY_OUT_OF_SCOPE"),
        ("hard_gate = 符合", "hard_gate = PASS"),
    ],
)
def test_values_are_called_as_people_call_them(asked: tuple[Any, Any, str], said: str, meant: str) -> None:
    screening, _, fund = asked
    facets = ["state", "stage", "blocking"]
    answers = [
        screening.ScreenDeals(wire.ScreenDealsRequest(fund=fund, filter=each, facets=facets))
        for each in (said, meant)
    ]
    assert answers[0] == answers[1]
    titles = {value.value: value.title for facet in answers[0].facets for value in facet.values}
    assert (titles["SEED"].zh, titles["SEED"].en) == ("种子期", "seed")
    assert titles["DUE_DILIGENCE"].zh == "尽调"
    assert all(each.zh and each.en for each in titles.values())


@pytest.mark.parametrize(
    "filter_", ['firm_name:"\' OR 1=1 --"', 'firm_words:"\' OR 1=1 NEAR(--"', "owner = \"' OR '1'='1\""]
)
def test_an_injection_is_a_text_like_any_other(asked: tuple[Any, Any, str], filter_: str) -> None:
    screening, _, fund = asked
    found = screening.ScreenDeals(wire.ScreenDealsRequest(fund=fund, filter=filter_))
    assert (found.total_size, list(found.deals)) == (0, [])


def test_pages_are_bounded_and_belong_to_their_question(asked: tuple[Any, Any, str]) -> None:
    screening, _, fund = asked
    below = refused(screening.ScreenDeals, wire.ScreenDealsRequest(fund=fund, page_size=-1))
    assert (below.code, fields(below)) == ("INVALID_ARGUMENT", ["page_size"])
    most = screening.ScreenDeals(wire.ScreenDealsRequest(fund=fund, page_size=10_000))
    assert 0 < len(most.deals) <= 200
    first = screening.ScreenDeals(wire.ScreenDealsRequest(fund=fund, page_size=1))
    other = wire.ScreenDealsRequest(fund=fund, filter="state = LEAD", page_token=first.next_page_token)
    assert refused(screening.ScreenDeals, other).reason == "PAGE_TOKEN_MISMATCH"


def test_states_and_steps_come_with_the_page_if_they_are_wanted(
    whole: Installation, asked: tuple[Any, Any, str]
) -> None:
    screening, _, fund = asked
    for wrong in (-1, 21):
        failure = refused(screening.ScreenDeals, wire.ScreenDealsRequest(fund=fund, state_size=wrong))
        assert fields(failure) == ["state_size"]
    plain = screening.ScreenDeals(wire.ScreenDealsRequest(fund=fund, page_size=5, facets=["state"]))
    assert not plain.states
    assert not any(each.transitions for each in plain.deals)
    request = wire.ScreenDealsRequest(fund=fund, page_size=5, state_size=2, with_transitions=True)
    found = screening.ScreenDeals(request)
    assert [each.deal.name for each in found.deals] == [each.deal.name for each in plain.deals]
    counted = {each.value.removeprefix("STATE_"): each.count for each in plain.facets[0].values if each.count}
    state = deal_pb2.Deal.State.Name
    shown = {state(each.state).removeprefix("STATE_"): each.deals for each in found.states}
    assert {name: len(deals) for name, deals in shown.items()} == {
        name: min(2, count) for name, count in counted.items()
    }
    assert all(state(each.deal.state) == f"STATE_{name}" for name, deals in shown.items() for each in deals)
    taken = 0
    with whole.channel("funding", MANAGER) as channel:
        stub = deal_service_pb2_grpc.DealServiceStub(channel)
        for each in (*found.deals, *(each for deals in shown.values() for each in deals)):
            steps = stub.ListDealTransitions(
                deal_service_pb2.ListDealTransitionsRequest(name=each.deal.name)
            ).transitions
            assert list(each.transitions) == list(steps)
            taken += len(steps)
    assert taken


def test_nobody_is_told_of_a_day_to_come_and_of_one_before_the_first_deal_why_nothing(
    asked: tuple[Any, Any, str],
) -> None:
    screening, analysis, fund = asked
    tomorrow = date_to_wire(civil_date(datetime.now(UTC)) + timedelta(days=2))
    deal = screening.ScreenDeals(wire.ScreenDealsRequest(fund=fund, page_size=1)).deals[0].deal.name
    long_ago = wire.ScreenDealsRequest(
        fund=fund, as_of_date=Date(year=1999, month=1, day=1), facets=["state"]
    )
    empty = screening.ScreenDeals(long_ago)
    assert (empty.total_size, list(empty.deals), empty.total_ticket.units) == (0, [], 0)
    assert {each.count for each in empty.facets[0].values} == {0}
    assert empty.note.zh
    assert empty.note.en
    assert not screening.ScreenDeals(wire.ScreenDealsRequest(fund=fund, page_size=1)).HasField("note")
    for call, request in (
        (screening.ScreenDeals, wire.ScreenDealsRequest(fund=fund, as_of_date=tomorrow)),
        (screening.ScreenDeal, wire.ScreenDealRequest(name=deal, as_of_date=tomorrow)),
        (
            analysis.GetFundHeadroom,
            deal_analysis_service_pb2.GetFundHeadroomRequest(name=fund, as_of_date=tomorrow),
        ),
        (
            analysis.SimulateDeal,
            deal_analysis_service_pb2.SimulateDealRequest(name=deal, as_of_date=tomorrow),
        ),
    ):
        failure = refused(call, request)
        assert (failure.code, failure.violations[0].reason) == ("INVALID_ARGUMENT", "TIME_IN_FUTURE")
        assert fields(failure) == ["as_of_date"]
