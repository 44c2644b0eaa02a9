"""What comes and goes: training places (培养) with who comes of them and when, and moves (流动) of people."""

from starlette.responses import Response
from starlette.routing import Route

from bole.talent.v1 import (
    move_service_pb2,
    move_service_pb2_grpc,
    training_service_pb2,
    training_service_pb2_grpc,
)
from services.console.backend import SECONDS
from services.console.pages import lists, origins
from services.console.pages.called import called
from services.console.pages.scopes import scope_of
from services.console.web.answering import Desk
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.console.words import Words
from services.wording import codes

_PLACES = ("state", "industry_code", "city_code", "category_code")
_PLACE_ORDERS = ("", "completion_date desc", "place_count desc")
_MOVES = ("from_city_code", "to_city_code", "reason", "category_code")
_MOVE_ORDERS = ("", "move_date", "headcount desc")
_REASONS = tuple(each.removeprefix("REASON_") for each in codes.MOVE_REASONS)
_STATES = tuple(each.removeprefix("STATE_") for each in codes.TRAINING_STATES)


def routes(desk: Desk) -> list[Route]:
    """The pages."""
    return [Route("/training", desk.endpoint(training)), Route("/moves", desk.endpoint(moves))]


def training(visit: Visit) -> Response:
    """Training places, those that complete first first."""
    scope = scope_of(visit)
    fields = {
        "state": lists.one_of(visit, "state", _STATES),
        "industry_code": "" if scope.direction_code else scope.industry_code,
        "direction_code": scope.direction_code,
        "city_code": scope.city_code,
        "category_code": scope.category_code,
        lists.MADE_BY: visit.get(lists.MADE_BY),
    }
    request = training_service_pb2.SearchTrainingPlacesRequest(
        query=visit.get("q"),
        filter=lists.condition(fields, ("industry_code", lists.MADE_BY)),
        facets=[*_PLACES, "direction_code"] if scope.industry_code else _PLACES,
        page_size=lists.ROWS,
        page_token=lists.page_token(visit),
        order_by=visit.get("order") if visit.get("order") in _PLACE_ORDERS else "",
    )
    stub = visit.stub(training_service_pb2_grpc.TrainingServiceStub)
    found = stub.SearchTrainingPlaces(request, timeout=SECONDS)
    return render(
        visit,
        "flows/training.html",
        active="people",
        tab="training",
        synthetic=origins.among(visit, found.training_places),
        found=found,
        groups=lists.groups(visit, found.facets, _known(visit)),
        orders=_PLACE_ORDERS,
        first=lists.first_link(visit),
        next=lists.next_link(visit, found),
    )


def moves(visit: Visit) -> Response:
    """Moves, the newest first; who moved and why in words is told as the service tells it for the purpose stated."""
    fields = {
        "from_city_code": _place(visit, "from"),
        "to_city_code": _place(visit, "to"),
        "reason": lists.one_of(visit, "reason", _REASONS),
        "category_code": scope_of(visit).category_code,
        "voided": "" if visit.get("voided") or visit.get(lists.MADE_BY) else "false",
        lists.MADE_BY: visit.get(lists.MADE_BY),
    }
    request = move_service_pb2.SearchMovesRequest(
        query=visit.get("q"),
        filter=lists.condition(fields, (lists.MADE_BY,)),
        facets=_MOVES,
        page_size=lists.ROWS,
        page_token=lists.page_token(visit),
        order_by=visit.get("order") if visit.get("order") in _MOVE_ORDERS else "",
    )
    stub = visit.stub(move_service_pb2_grpc.MoveServiceStub, visit.purpose)
    found = stub.SearchMoves(request, timeout=SECONDS)
    return render(
        visit,
        "flows/moves.html",
        active="people",
        tab="moves",
        synthetic=origins.among(visit, found.moves),
        found=found,
        people=called(visit, [each.person for each in found.moves if each.person], visit.purpose),
        groups=lists.groups(visit, found.facets, _known(visit)),
        orders=_MOVE_ORDERS,
        first=lists.first_link(visit),
        next=lists.next_link(visit, found),
    )


def _place(visit: Visit, name: str) -> str:
    """A city of the address, or outside the province; empty without one. Raises InvalidArgument with near names."""
    given = visit.get(name)
    return visit.catalogue.resolve_place(given, field=name) if given and given != lists.NOTHING else given


def _known(visit: Visit) -> lists.Known:
    words = Words(visit.catalogue, visit.language)

    def state(code: str) -> str:
        return words.code(codes.TRAINING_STATES, f"STATE_{code}")

    def reason(code: str) -> str:
        return words.code(codes.MOVE_REASONS, f"REASON_{code}")

    def destination(code: str) -> str:
        return words.city(code) or visit.say("退休或离开本领域", "Retired or left the field")

    return {
        "state": ("state", visit.say("状态", "State"), state),
        "industry_code": ("industry", visit.say("产业", "Industry"), words.industry),
        "direction_code": ("direction", visit.say("方向", "Direction"), words.direction),
        "city_code": ("city", visit.say("设区市", "City"), words.city),
        "category_code": ("category", visit.say("人才类别", "Category"), words.category),
        "from_city_code": ("from", visit.say("离开", "From"), words.city),
        "to_city_code": ("to", visit.say("去往", "To"), destination),
        "reason": ("reason", visit.say("原因", "Why"), reason),
    }
