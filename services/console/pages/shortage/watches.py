"""Watches on cells (我的关注): the visitor's own, made from a cell and taken away here."""

from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.talent.v1 import shortage_pb2 as shortage
from bole.talent.v1 import shortage_service_pb2, shortage_service_pb2_grpc, shortage_watch_pb2
from bole.talent.v1 import shortage_watch_service_pb2 as service
from bole.talent.v1 import shortage_watch_service_pb2_grpc as service_grpc
from services.console.backend import SECONDS
from services.console.pages import lists, origins
from services.console.pages.beside import beside, for_each
from services.console.web.rendering import render
from services.console.web.visits import Visit, whole_number
from services.kernel.errors import InvalidArgument

PATH = "/map/watches"


def show(visit: Visit) -> Response:
    """The list."""
    request = service.ListShortageWatchesRequest(page_size=lists.ROWS, page_token=lists.page_token(visit))
    found = _stub(visit).ListShortageWatches(request, timeout=SECONDS)
    cells = for_each(lambda each: beside(lambda: _cell(visit, each.scope)), found.watches)
    return render(
        visit,
        "shortage/watches.html",
        active="map",
        tab="watches",
        synthetic=origins.among(visit),
        found=found,
        cells=dict(zip((each.name for each in found.watches), cells, strict=True)),
        first=lists.first_link(visit),
        next=lists.next_link(visit, found),
    )


def create(visit: Visit) -> Response:
    """Watch the cell of the form."""
    given = visit.form
    scope = shortage.ShortageScope(
        **{f"{name}_code": given.get(name, "") for name in ("industry", "direction", "city", "category")}
    )
    watch = shortage_watch_pb2.ShortageWatch(
        scope=scope, stars=_number(visit, "stars"), percent=_number(visit, "percent")
    )
    request = service.CreateShortageWatchRequest(watch=watch, request_id=str(uuid4()))
    _stub(visit).CreateShortageWatch(request, timeout=SECONDS)
    return RedirectResponse(PATH, 303)


def delete(visit: Visit) -> Response:
    """Watch no longer."""
    request = service.DeleteShortageWatchRequest(
        name=f"shortageWatches/{visit.part('id')}", request_id=str(uuid4())
    )
    _stub(visit).DeleteShortageWatch(request, timeout=SECONDS)
    return RedirectResponse(PATH, 303)


def _cell(visit: Visit, scope: shortage.ShortageScope) -> shortage.ShortageCell:
    """How a watched cell stands now."""
    stub = visit.stub(shortage_service_pb2_grpc.ShortageServiceStub)
    request = shortage_service_pb2.GetShortageCellRequest(scope=scope)
    return stub.GetShortageCell(request, timeout=SECONDS).cell


def _number(visit: Visit, name: str) -> int:
    number = whole_number(visit.form.get(name, ""), 999)
    if number is None:
        raise InvalidArgument.field(name, "NOT_A_NUMBER", "应为整数", "must be a whole number")
    return number


def _stub(visit: Visit) -> service_grpc.ShortageWatchServiceStub:
    return visit.stub(service_grpc.ShortageWatchServiceStub)
