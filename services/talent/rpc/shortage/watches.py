"""ShortageWatchService: watches on cells, each seen by its owner alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from sqlalchemy.orm import Session

from bole.talent.v1 import shortage_watch_pb2, shortage_watch_service_pb2_grpc
from bole.talent.v1 import shortage_watch_service_pb2 as wire
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.storage.listing import Query
from services.kernel.errors import BoleError
from services.talent.domain.shortage.watch import Watch
from services.talent.events import watch_to_wire
from services.talent.rpc.shortage.shortage_wire import CellWire
from services.talent.rpc.wire import id_of
from services.talent.service.shortage.watching import Watching
from services.talent.store.schema.watches import shortage_watch
from services.talent.store.shortage import standings

R = TypeVar("R", bound=Message)
_FIELDS = {
    f"scope.{name}": f"watch.scope.{name}"
    for name in ("industry_code", "direction_code", "city_code", "category_code")
}


@dataclass(frozen=True)
class WatchRoom(shortage_watch_service_pb2_grpc.ShortageWatchServiceServicer):
    """The servicer."""

    house: House
    cells: CellWire
    watching: Watching

    def CreateShortageWatch(
        self, request: wire.CreateShortageWatchRequest, context: Any
    ) -> shortage_watch_pb2.ShortageWatch:
        """Watch a cell."""
        given = request.watch
        try:
            address = self.cells.address(given.scope)
        except BoleError as error:
            raise error.renamed(_FIELDS) from None

        def act(session: Session) -> tuple[str, shortage_watch_pb2.ShortageWatch]:
            owner = current_call().principal.subject
            made = self.watching.create(session, owner, address, given.stars, given.percent)
            return f"shortageWatches/{made.id}", watch_to_wire(self.cells.axes, made)

        return self._once("create", request, shortage_watch_pb2.ShortageWatch, act)

    def ListShortageWatches(
        self, request: wire.ListShortageWatchesRequest, context: Any
    ) -> wire.ListShortageWatchesResponse:
        """The caller's watches."""
        owner = current_call().principal.subject
        query = Query("", "", request.page_size, request.page_token)
        with self.house.database.read() as session:
            page = standings.watches().page(
                session, Watch, query, self.house.pages, owner, shortage_watch.c.owner == owner
            )
        return wire.ListShortageWatchesResponse(
            watches=[watch_to_wire(self.cells.axes, each) for each in page.items],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def DeleteShortageWatch(self, request: wire.DeleteShortageWatchRequest, context: Any) -> Empty:
        """Watch no longer."""
        id_ = id_of(request.name, "shortageWatches")

        def act(session: Session) -> tuple[str, Empty]:
            self.watching.delete(session, current_call().principal.subject, id_)
            return request.name, Empty()

        return self._once("delete", request, Empty, act)

    def _once(self, action: str, request: Any, kind: type[R], act: Callable[[Session], tuple[str, R]]) -> R:
        """Act once per request id, with an entry in the audit trail."""
        call = current_call()
        with self.house.database.write() as session:

            def answer() -> R:
                name, message = act(session)
                self.house.audit.append(session, entry_of(call, action, name, "done", {}))
                return message

            caller = (call.principal.subject, call.method)
            return self.house.requests.once(session, caller, request.request_id, request, kind, answer)
