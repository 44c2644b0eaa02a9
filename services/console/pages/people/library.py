"""The core-talent library (核心人才库): people by words and filter, with counts beside the list."""

from starlette.responses import Response

from bole.talent.v1 import library_service_pb2 as service
from bole.talent.v1 import library_service_pb2_grpc
from services.console.backend import SECONDS
from services.console.pages import lists, origins
from services.console.pages.scopes import asking, scope_of
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.console.words import Words
from services.wording.places import part_of
from services.workbook.choices import AVAILABILITY

_FACETS = ("industry_code", "city_code", "category_code", "availability")
_AVAILABLE = tuple(each.code for each in AVAILABILITY)
_ORDERS = ("", "observed_date desc", "observed_date")
_BY_NAME = ("display_name", "display_name desc")
"""Offered with a purpose: nobody sorts by names that they may not read."""


def show(visit: Visit) -> Response:
    """The list. Personal fields are as the service gives them for the purpose that is stated."""
    orders = (*_ORDERS, *_BY_NAME) if visit.purpose else _ORDERS
    scope = asking(scope_of(visit, outside=True))
    available = lists.one_of(visit, "availability", _AVAILABLE)
    restricted = {name.name: value for name, value in scope.ListFields()}
    restricted |= {lists.MADE_BY: visit.get(lists.MADE_BY)}
    request = service.SearchPersonsRequest(
        query=visit.get("q"),
        filter=lists.condition(
            restricted | {"availability": available, "state": "ACTIVE"},
            (*lists.FIELDS_OF_WORK, lists.MADE_BY),
        ),
        facets=[*_FACETS, "direction_code"] if visit.get("industry") else _FACETS,
        page_size=lists.ROWS,
        page_token=lists.page_token(visit),
        order_by=visit.get("order") if visit.get("order") in orders else "",
    )
    stub = visit.stub(library_service_pb2_grpc.LibraryServiceStub, visit.purpose)
    found = stub.SearchPersons(request, timeout=SECONDS)
    return render(
        visit,
        "people/list.html",
        active="people",
        tab="people",
        synthetic=origins.among(visit, found.persons),
        found=found,
        asked=request,
        groups=lists.groups(visit, found.facets, _known(visit)),
        orders=orders,
        district=part_of(visit.catalogue, visit.get("q")),
        first=lists.first_link(visit),
        next=lists.next_link(visit, found),
    )


def _known(visit: Visit) -> lists.Known:
    words = Words(visit.catalogue, visit.language)
    return {
        "industry_code": ("industry", visit.say("产业", "Industry"), words.industry),
        "direction_code": ("direction", visit.say("方向", "Direction"), words.direction),
        "city_code": ("city", visit.say("设区市", "City"), words.city),
        "category_code": ("category", visit.say("人才类别", "Category"), words.category),
        "availability": ("availability", visit.say("到岗意愿", "Availability"), words.availability),
    }
