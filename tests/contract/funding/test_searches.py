from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.type.money_pb2 import Money

from bole.funding.v1 import (
    deal_analysis_service_pb2,
    deal_analysis_service_pb2_grpc,
    deal_service_pb2,
    deal_service_pb2_grpc,
    saved_search_pb2,
    saved_search_service_pb2_grpc,
    screening_service_pb2,
    screening_service_pb2_grpc,
)
from bole.funding.v1 import saved_search_service_pb2 as wire
from services.chassis.identity.identity import Grant
from tests.contract.coverage import CALLS
from tests.contract.funding.test_deals import channel, command, deal, missing  # noqa: F401 - fixtures
from tests.contract.installation import MANAGER, Installation, fields, refused

Kind = saved_search_pb2.ScreeningAlert.Kind


def stub(of: grpc.Channel) -> Any:
    return saved_search_service_pb2_grpc.SavedSearchServiceStub(of)


@pytest.fixture
def mine(whole: Installation) -> Iterator[grpc.Channel]:
    """Signed in as somebody who has no search yet."""
    with whole.channel("funding", MANAGER, subject=f"reader-{uuid4().hex[:8]}") as opened:
        yield opened


def search(of: str, **more: Any) -> saved_search_pb2.SavedSearch:
    given: dict[str, Any] = {
        "title": "今日新申报",
        "fund": of,
        "filter": "state=SUBMITTED AND  hard>=0",
        "columns": ["deal", "hard"],
    }
    return saved_search_pb2.SavedSearch(**(given | more))


def found(of: grpc.Channel, searched: saved_search_pb2.SavedSearch) -> int:
    request = screening_service_pb2.ScreenDealsRequest(fund=searched.fund, filter=searched.filter)
    return int(screening_service_pb2_grpc.ScreeningServiceStub(of).ScreenDeals(request).total_size)


def test_a_watch_list_tells_of_a_deal_that_enters_and_is_its_owners_alone(
    whole: Installation,
    channel: grpc.Channel,  # noqa: F811
    mine: grpc.Channel,
    deal: Any,  # noqa: F811
) -> None:
    """“我的观察名单有新情况叫我。”"""
    request = wire.CreateSavedSearchRequest(
        saved_search=search(deal.fund, filter=f'state = SUBMITTED AND firm = "{deal.firm}"'),
        request_id=str(uuid4()),
    )
    made = stub(mine).CreateSavedSearch(request)
    assert stub(mine).CreateSavedSearch(request) == made
    all_of_it = search(deal.fund, filter=f'firm = "{deal.firm}"')
    counted = stub(mine).CreateSavedSearch(wire.CreateSavedSearchRequest(saved_search=all_of_it))
    stub(mine).DeleteSavedSearch(wire.DeleteSavedSearchRequest(name=counted.name))
    assert made.deal_count == found(mine, made)
    assert counted.deal_count == found(mine, counted) > made.deal_count
    get = wire.GetSavedSearchRequest(name=made.name)
    looked = whole.until(lambda: stub(mine).GetSavedSearch(get))
    assert looked.filter == made.filter
    assert [
        each.name for each in stub(mine).ListSavedSearches(wire.ListSavedSearchesRequest()).saved_searches
    ] == [made.name]
    assert refused(stub(channel).GetSavedSearch, get).code == "NOT_FOUND"
    _settle(whole, mine, deal)
    submit = deal_service_pb2.SubmitDealRequest(
        name=deal.name, command=command(deal, *missing(channel, deal, "SUBMIT"))
    )
    deal_service_pb2_grpc.DealServiceStub(channel).SubmitDeal(submit)
    listing = wire.ListScreeningAlertsRequest(saved_search=made.name)
    [alert] = whole.until(lambda: stub(mine).ListScreeningAlerts(listing).screening_alerts)
    assert (alert.kind, alert.deal) == (Kind.KIND_NEW_MATCH, deal.name)
    assert alert.text.zh
    assert alert.text.en
    assert not stub(channel).ListScreeningAlerts(wire.ListScreeningAlertsRequest()).screening_alerts
    noted = stub(mine).AcknowledgeScreeningAlert(wire.AcknowledgeScreeningAlertRequest(name=alert.name))
    assert noted.HasField("acknowledge_time")
    assert not stub(mine).ListScreeningAlerts(listing).screening_alerts
    listing.include_acknowledged = True
    assert list(stub(mine).ListScreeningAlerts(listing).screening_alerts) == [noted]
    give_up = wire.DeleteSavedSearchRequest(name=made.name)
    assert refused(stub(channel).DeleteSavedSearch, give_up).code == "NOT_FOUND"
    stub(mine).DeleteSavedSearch(give_up)
    assert not stub(mine).ListSavedSearches(wire.ListSavedSearchesRequest()).saved_searches


def _settle(whole: Installation, mine: grpc.Channel, deal: Any) -> None:  # noqa: F811
    """Wait until the searches were looked at: a second one that matches something says how much."""
    made = stub(mine).CreateSavedSearch(
        wire.CreateSavedSearchRequest(saved_search=search(deal.fund, title="全部", filter=""))
    )
    whole.until(lambda: stub(mine).GetSavedSearch(wire.GetSavedSearchRequest(name=made.name)).deal_count)
    stub(mine).DeleteSavedSearch(wire.DeleteSavedSearchRequest(name=made.name))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": ""}, "saved_search.title"),
        ({"filter": "stgae = SEED"}, "filter"),
        ({"order_by": "luck"}, "order_by"),
        ({"crossing_score": "luck"}, "saved_search.crossing_score"),
        ({"crossing_value": 101.0}, "saved_search.crossing_value"),
        (
            {"headroom_below": Money(currency_code="USD", units=1)},
            "saved_search.headroom_below.currency_code",
        ),
        ({"fund": "deals/x"}, "saved_search.fund"),
    ],
)
def test_searches_that_cannot_be_are_refused_by_field(
    mine: grpc.Channel,
    deal: Any,  # noqa: F811
    more: dict[str, Any],
    field: str,
) -> None:
    request = wire.CreateSavedSearchRequest(saved_search=search(deal.fund, **more))
    failure = refused(stub(mine).CreateSavedSearch, request)
    assert failure.code == "INVALID_ARGUMENT"
    assert any(each.endswith(field) for each in fields(failure)), fields(failure)


def test_capital_that_is_below_already_is_told_with_the_search(
    mine: grpc.Channel,
    deal: Any,  # noqa: F811
) -> None:
    watched = search(deal.fund, headroom_below=Money(currency_code="CNY", units=10**12))
    made = stub(mine).CreateSavedSearch(wire.CreateSavedSearchRequest(saved_search=watched))
    listing = wire.ListScreeningAlertsRequest(saved_search=made.name)
    [alert] = stub(mine).ListScreeningAlerts(listing).screening_alerts
    assert alert.kind == Kind.KIND_HEADROOM_BELOW
    assert "已低于关注值" in alert.text.zh
    stub(mine).DeleteSavedSearch(wire.DeleteSavedSearchRequest(name=made.name))


def test_names_of_nothing_are_refused(whole: Installation, mine: grpc.Channel) -> None:
    ack = wire.AcknowledgeScreeningAlertRequest(name="screeningAlerts/none")
    assert refused(stub(mine).AcknowledgeScreeningAlert, ack).code == "NOT_FOUND"
    wrong = wire.ListScreeningAlertsRequest(page_token="x")
    assert refused(stub(mine).ListScreeningAlerts, wrong).code == "INVALID_ARGUMENT"
    with grpc.insecure_channel(whole.settings.funding_address) as bare:
        stranger = grpc.intercept_channel(bare, CALLS)
        failure = refused(stub(stranger).ListSavedSearches, wire.ListSavedSearchesRequest())
    assert failure.code == "UNAUTHENTICATED"
    with whole.channel("funding", Grant("talent_officer")) as foreign:
        failure = refused(stub(foreign).ListScreeningAlerts, wire.ListScreeningAlertsRequest())
    assert failure.code == "PERMISSION_DENIED"


def test_which_deals_are_stuck_and_on_whom(channel: grpc.Channel, deal: Any) -> None:  # noqa: F811
    """“哪些项目卡住了，卡在谁？”"""
    analysis = deal_analysis_service_pb2_grpc.DealAnalysisServiceStub(channel)
    found = analysis.ListStalledDeals(deal_analysis_service_pb2.ListStalledDealsRequest(fund=deal.fund))
    assert found.total_size >= len(found.stalled_deals)
    over = [each.day_count - each.allowed_day_count for each in found.stalled_deals]
    assert over == sorted(over, reverse=True)
    assert all(each.waiting_for.zh and each.waiting_for.en for each in found.stalled_deals)
    screens = screening_service_pb2_grpc.ScreeningServiceStub(channel)
    asked = screening_service_pb2.ScreenDealsRequest(
        fund=deal.fund, filter="sla = OVER", facets=["sla", "first_loan", "ip_pledge"], page_size=200
    )
    over_time = screens.ScreenDeals(asked)
    listed = {each.deal for each in found.stalled_deals}
    assert found.next_page_token or listed <= {each.deal.name for each in over_time.deals}
    counted = {each.field: {value.value: value.count for value in each.values} for each in over_time.facets}
    assert counted["sla"]["OVER"] == over_time.total_size
    assert set(counted["sla"]) == {"WITHIN", "DUE", "OVER", "NONE"}
    for name in ("first_loan", "ip_pledge"):
        assert sum(counted[name].values()) == over_time.total_size
    asked.filter = "sla = LATE"
    assert refused(screens.ScreenDeals, asked).reason == "INVALID_FILTER"
    missing_fund = deal_analysis_service_pb2.ListStalledDealsRequest(fund="funds/none")
    assert refused(analysis.ListStalledDeals, missing_fund).code == "NOT_FOUND"
