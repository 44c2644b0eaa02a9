"""PositionService: open positions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.talent.v1 import position_pb2, position_service_pb2_grpc
from bole.talent.v1 import position_service_pb2 as wire
from services.chassis import policy
from services.chassis.house import House
from services.chassis.listing import Query
from services.chassis.reveals import entry_of
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import check_etag
from services.kernel.errors import BoleError
from services.talent.domain.position import Position
from services.talent.rpc.library import KEEPERS
from services.talent.rpc.wire import id_of, origin_from_wire, position_facts, position_to_wire
from services.talent.service.positions import Positions
from services.talent.store import lists

_FIELDS = {
    "ref": "position.source_ref",
    "title": "position.title",
    "employer": "position.employer",
    "employer_code": "position.employer_uscc",
    "city": "position.city_code",
    "leaf": "position.direction_code",
    "direction": "position.direction_code",
    "category": "position.category_code",
    "headcount": "position.headcount",
    "filled": "position.filled_count",
    "opened": "position.opened_date",
    "closed": "position.closed_date",
    "requirement": "position.requirement",
}


@dataclass(frozen=True)
class PositionRoom(position_service_pb2_grpc.PositionServiceServicer):
    """The servicer."""

    house: House
    positions: Positions

    def GetPosition(self, request: wire.GetPositionRequest, context: Any) -> position_pb2.Position:
        """One position."""
        with self.house.database.read() as session:
            return position_to_wire(self.positions.get(session, id_of(request.name, "positions")))

    def ListPositions(self, request: wire.ListPositionsRequest, context: Any) -> wire.ListPositionsResponse:
        """Positions by filter."""
        call = current_call()
        query = Query(request.filter, request.order_by, request.page_size, request.page_token)
        with self.house.database.read() as session:
            page = lists.positions(self.positions.catalogue).page(
                session, Position, query, self.house.pages, call.principal.subject
            )
        return wire.ListPositionsResponse(
            positions=[position_to_wire(each) for each in page.items],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def CreatePosition(self, request: wire.CreatePositionRequest, context: Any) -> position_pb2.Position:
        """Publish a position."""
        call = current_call()
        _require_city(call, request.position.city_code)

        def act(session: Session) -> Position:
            facts, origin = position_facts(request.position), origin_from_wire(request.position.origin)
            return self.positions.publish(session, facts, origin, call.principal.subject)

        return self._once(call, "create", request, act)

    def ClosePosition(self, request: wire.ClosePositionRequest, context: Any) -> position_pb2.Position:
        """Close a position."""
        call = current_call()

        def act(session: Session) -> Position:
            position = self.positions.get(session, id_of(request.name, "positions"))
            _require_city(call, position.city)
            check_etag(request.etag, position.version, request.name)
            filled = request.filled_count if request.HasField("filled_count") else None
            self.positions.close(session, position, filled, call.principal.subject)
            return position

        return self._once(call, "close", request, act)

    def _once(
        self, call: Call, action: str, request: Any, act: Callable[[Session], Position]
    ) -> position_pb2.Position:
        with _in_words_of_the_request(), self.house.database.write() as session:

            def answer() -> position_pb2.Position:
                position = act(session)
                session.flush()
                name = f"positions/{position.id}"
                self.house.audit.append(session, entry_of(call, action, name, "done", {}))
                return position_to_wire(position)

            caller = (call.principal.subject, call.method)
            return self.house.requests.once(
                session, caller, request.request_id, request, position_pb2.Position, answer
            )


def _require_city(call: Call, city: str) -> None:
    policy.require_city(call.principal, KEEPERS, city, call.arrived)


@contextmanager
def _in_words_of_the_request() -> Iterator[None]:
    try:
        yield
    except BoleError as error:
        if any(violation.field in _FIELDS for violation in error.violations):
            raise error.renamed(_FIELDS) from None
        raise
