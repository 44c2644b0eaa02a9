"""Positions (岗位): by words and filter with counts, and one with what was found for it."""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bole.matcher.v1 import anchor_pb2, matching_service_pb2, matching_service_pb2_grpc
from bole.talent.v1 import position_service_pb2 as service
from bole.talent.v1 import position_service_pb2_grpc
from services.console.backend import SECONDS
from services.console.pages import lists, origins
from services.console.pages.beside import beside
from services.console.pages.pairs_seen import pairs_of
from services.console.pages.scopes import asking, scope_of
from services.console.pages.shortage.people import Fit, reasons
from services.console.web.answering import Desk
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.console.words import Words
from services.wording.places import part_of

_FACETS = ("state", "industry_code", "city_code", "category_code")
_STATES = ("OPEN", "CLOSED", "EXPIRED")
_ORDERS = ("", "opened_date desc", "headcount desc")
_MATCHES = 8


def routes(desk: Desk) -> list[Route]:
    """The pages."""
    return [
        Route("/positions", desk.endpoint(show)),
        Route("/positions/{id}", desk.endpoint(show_one)),
    ]


def show(visit: Visit) -> Response:
    """The list; open positions unless another state is asked for."""
    scope = asking(scope_of(visit))
    restricted = {name.name: value for name, value in scope.ListFields()} | {
        lists.MADE_BY: visit.get(lists.MADE_BY)
    }
    request = service.SearchPositionsRequest(
        query=visit.get("q"),
        filter=lists.condition(
            restricted | {"state": lists.one_of(visit, "state", _STATES)},
            (*lists.FIELDS_OF_WORK, lists.MADE_BY),
        ),
        facets=[*_FACETS, "direction_code"] if visit.get("industry") else _FACETS,
        page_size=lists.ROWS,
        page_token=lists.page_token(visit),
        order_by=visit.get("order") if visit.get("order") in _ORDERS else "",
    )
    found = visit.stub(position_service_pb2_grpc.PositionServiceStub).SearchPositions(
        request, timeout=SECONDS
    )
    return render(
        visit,
        "positions/list.html",
        district=part_of(visit.catalogue, visit.get("q")),
        active="people",
        tab="positions",
        synthetic=origins.among(visit, found.positions),
        found=found,
        groups=lists.groups(visit, found.facets, _known(visit)),
        orders=_ORDERS,
        first=lists.first_link(visit),
        next=lists.next_link(visit, found),
    )


def show_one(visit: Visit) -> Response:
    """One position, its outcomes, and who suits it."""
    name = f"positions/{visit.part('id')}"
    stub = visit.stub(position_service_pb2_grpc.PositionServiceStub, visit.purpose)
    position = stub.GetPosition(service.GetPositionRequest(name=name), timeout=SECONDS)
    outcomes = service.ListPositionOutcomesRequest(parent=name)
    return render(
        visit,
        "positions/one.html",
        active="people",
        tab="positions",
        synthetic=origins.is_sample(position),
        position=position,
        outcomes=beside(lambda: stub.ListPositionOutcomes(outcomes, timeout=SECONDS).outcomes),
        people=beside(lambda: _people(visit, name)),
        pairs=pairs_of(visit, "position"),
    )


def _people(visit: Visit, name: str) -> list[Fit]:
    stub: Any = visit.stub(matching_service_pb2_grpc.MatchingServiceStub, visit.purpose)
    request = matching_service_pb2.FindMatchesRequest(
        kind="person-position", anchor=anchor_pb2.Anchor(name=name), limit=_MATCHES
    )
    found = stub.FindMatches(request, timeout=SECONDS).candidates
    return [Fit(each, reasons(visit, each)) for each in found]


def _known(visit: Visit) -> lists.Known:
    words = Words(visit.catalogue, visit.language)
    return {
        "state": ("state", visit.say("状态", "State"), words.position_state),
        "industry_code": ("industry", visit.say("产业", "Industry"), words.industry),
        "direction_code": ("direction", visit.say("方向", "Direction"), words.direction),
        "city_code": ("city", visit.say("设区市", "City"), words.city),
        "category_code": ("category", visit.say("人才类别", "Category"), words.category),
    }
