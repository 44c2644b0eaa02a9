"""Saved searches of the deal flow and their alerts, on the page of the flow."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.funding.v1 import saved_search_pb2, saved_search_service_pb2_grpc
from bole.funding.v1 import saved_search_service_pb2 as service
from services.chassis.rpc.wire import money_to_wire
from services.console.backend import SECONDS
from services.console.pages.beside import beside
from services.console.pages.called import Called, called
from services.console.web.paths import inside
from services.console.web.visits import Visit
from services.kernel.errors import InvalidArgument
from services.kernel.money import parse_amount

_ALERTS = 20


@dataclass(frozen=True, slots=True)
class Told:
    """An alert with what it is about: the deal, else the search itself; and what that search is called."""

    alert: saved_search_pb2.ScreeningAlert
    about: Called
    search: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A visitor's searches of one fund, and what is told of them."""

    searches: Sequence[tuple[saved_search_pb2.SavedSearch, str]]
    alerts: Sequence[Told]


def stub_of(visit: Visit) -> saved_search_service_pb2_grpc.SavedSearchServiceStub:
    """The service."""
    return visit.stub(saved_search_service_pb2_grpc.SavedSearchServiceStub)


def kept(visit: Visit, fund: str) -> Kept | None:
    """What is kept; None for who may keep nothing."""
    stub = stub_of(visit)
    found = beside(lambda: stub.ListSavedSearches(service.ListSavedSearchesRequest(), timeout=SECONDS))
    if found.answer is None:
        return None
    own = [each for each in found.answer.saved_searches if each.fund == fund]
    return Kept([(each, link_of(each)) for each in own], _told(visit, own, _ALERTS))


def told(visit: Visit, most: int) -> list[Told]:
    """What is told of all the visitor's searches, the newest first."""
    found = stub_of(visit).ListSavedSearches(service.ListSavedSearchesRequest(), timeout=SECONDS)
    return _told(visit, found.saved_searches, most)


def _told(visit: Visit, searches: Sequence[saved_search_pb2.SavedSearch], most: int) -> list[Told]:
    request = service.ListScreeningAlertsRequest(page_size=most)
    alerts = stub_of(visit).ListScreeningAlerts(request, timeout=SECONDS).screening_alerts
    by_name = {each.name: each for each in searches}
    mine = [(each, by_name[each.saved_search]) for each in alerts if each.saved_search in by_name]
    deals = called(visit, [each.deal for each, _ in mine if each.deal])
    return [
        Told(each, deals.get(each.deal) or Called(search.title, link_of(search)), search.title)
        for each, search in mine
    ]


def link_of(search: saved_search_pb2.SavedSearch) -> str:
    """The flow as the search asks it."""
    asked = {"fund": search.fund, "filter": search.filter, "order": search.order_by, "view": "list"}
    return "/deals?" + urlencode({name: value for name, value in asked.items() if value})


def save(visit: Visit) -> None:
    """Keep what is asked. Raises InvalidArgument."""
    form = visit.form
    search = saved_search_pb2.SavedSearch(
        fund=form.get("fund", ""),
        title=form.get("title", ""),
        filter=form.get("filter", ""),
        order_by=form.get("order", ""),
        crossing_score=form.get("crossing_score", ""),
        crossing_value=_number(form.get("crossing_value", "")),
    )
    if form.get("below"):
        search.headroom_below.CopyFrom(money_to_wire(parse_amount(form["below"], field="below")))
    request = service.CreateSavedSearchRequest(saved_search=search, request_id=str(uuid4()))
    stub_of(visit).CreateSavedSearch(request, timeout=SECONDS)


def delete(visit: Visit) -> Response:
    """Give a search up with its alerts."""
    request = service.DeleteSavedSearchRequest(name=visit.form.get("name", ""), request_id=str(uuid4()))
    stub_of(visit).DeleteSavedSearch(request, timeout=SECONDS)
    return _back(visit)


def acknowledge(visit: Visit) -> Response:
    """Take note of an alert."""
    request = service.AcknowledgeScreeningAlertRequest(name=visit.form.get("name", ""))
    stub_of(visit).AcknowledgeScreeningAlert(request, timeout=SECONDS)
    return _back(visit)


def _back(visit: Visit) -> Response:
    return RedirectResponse(inside(visit.form.get("next", "/deals")), 303)


def _number(given: str) -> float:
    try:
        return float(given or 0)
    except ValueError:
        raise InvalidArgument.field(
            "crossing_value", "NOT_A_NUMBER", "应为数字", "must be a number"
        ) from None
