"""MoveService: moves between cities, out of the field and into retirement."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.talent.v1 import move_pb2, move_service_pb2_grpc
from bole.talent.v1 import move_service_pb2 as wire
from services.chassis import policy
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import check_etag, date_from_wire, date_to_wire, etag_of, instant_to_wire
from services.chassis.storage.listing import Query
from services.talent.domain.flows.move import Move, MoveFacts, MoveReason
from services.talent.events import origin_to_wire, shares_to_wire
from services.talent.rpc.changing import changed_once
from services.talent.rpc.people.persons import KEEPERS
from services.talent.rpc.wire import id_of, origin_from_wire, search_query
from services.talent.service.finding.flow_search import FlowSearch
from services.talent.service.people.moves import Moves
from services.talent.store.imports.imports import import_that_made

_FIELDS = {
    "ref": "move.source_ref",
    "person": "move.person",
    "category": "move.category_code",
    "direction_shares": "move.direction_shares",
    "direction": "move.direction_shares",
    "from_city": "move.from_city_code",
    "to_city": "move.to_city_code",
    "day": "move.move_date",
    "heads": "move.headcount",
    "note": "move.note",
}


@dataclass(frozen=True)
class MoveRoom(move_service_pb2_grpc.MoveServiceServicer):
    """The servicer."""

    house: House
    moves: Moves
    search: FlowSearch

    def GetMove(self, request: wire.GetMoveRequest, context: Any) -> move_pb2.Move:
        """One record."""
        with self.house.database.read() as session:
            found = self.moves.get(session, id_of(request.name, "moves"))
            made = move_to_wire(found)
            made.import_name = import_that_made(session, "moves", found.id, found.created_at)
            return made

    def ListMoves(self, request: wire.ListMovesRequest, context: Any) -> wire.ListMovesResponse:
        """Records by filter."""
        call = current_call()
        query = Query(request.filter, request.order_by, request.page_size, request.page_token)
        with self.house.database.read() as session:
            page = self.search.moves.page(session, Move, query, self.house.pages, call.principal.subject)
        return wire.ListMovesResponse(
            moves=[move_to_wire(each) for each in page.items],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def SearchMoves(self, request: wire.SearchMovesRequest, context: Any) -> wire.SearchMovesResponse:
        """Records by words and filter, with facets."""
        call, query = current_call(), search_query(request)
        with self.house.database.read() as session:
            page, facets = self.search.find_moves(
                session, query, request.query, request.facets, call.clearance, call.principal.subject
            )
        return wire.SearchMovesResponse(
            moves=[move_to_wire(each) for each in page.items],
            facets=facets,
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def CreateMove(self, request: wire.CreateMoveRequest, context: Any) -> move_pb2.Move:
        """Record a move."""
        call, given = current_call(), request.move
        _require_either(call, given.from_city_code, given.to_city_code)

        def act(session: Session) -> Move:
            return self.moves.record(
                session, _facts(given), origin_from_wire(given.origin), call.principal.subject
            )

        return self._once(call, "create", request, act)

    def VoidMove(self, request: wire.VoidMoveRequest, context: Any) -> move_pb2.Move:
        """Take a record back."""
        call = current_call()

        def act(session: Session) -> Move:
            move = self.moves.get(session, id_of(request.name, "moves"))
            _require_either(call, move.from_city, move.to_city)
            check_etag(request.etag, move.version, request.name)
            self.moves.void(session, move, request.reason, call.principal.subject)
            return move

        return self._once(call, "void", request, act)

    def _once(self, call: Call, action: str, request: Any, act: Callable[[Session], Move]) -> move_pb2.Move:
        return changed_once(self.house, call, action, request, move_pb2.Move, act, move_to_wire, _FIELDS)


def _require_either(call: Call, *cities: str) -> None:
    """Raise PermissionDenied unless the caller keeps records of a city they leave or come to."""
    granted = call.principal.cities(KEEPERS, call.arrived)
    mine = next((city for city in cities if city and granted is not None and city in granted), cities[0])
    policy.require_granted(granted, mine)


def _facts(move: move_pb2.Move) -> MoveFacts:
    reason = move_pb2.Move.Reason.Name(move.reason).removeprefix("REASON_")
    return MoveFacts(
        ref=move.source_ref,
        person_id=id_of(move.person, "persons", field="move.person") if move.person else None,
        category=move.category_code,
        shares=tuple((each.code, each.permille) for each in move.direction_shares),
        from_city=move.from_city_code,
        to_city=move.to_city_code,
        day=date_from_wire(move.move_date),
        heads=move.headcount or 1,
        reason=MoveReason[reason] if move.reason else MoveReason.UNSTATED,
        note=move.note,
    )


def move_to_wire(move: Move) -> move_pb2.Move:
    """A move as the contract has it."""
    stated = move.reason is not MoveReason.UNSTATED
    return move_pb2.Move(
        name=f"moves/{move.id}",
        etag=etag_of(move.version),
        source_ref=move.ref or "",
        person=f"persons/{move.person_id}" if move.person_id else "",
        category_code=move.category,
        direction_shares=shares_to_wire(move.shares),
        from_city_code=move.from_city,
        to_city_code=move.to_city,
        move_date=date_to_wire(move.day),
        headcount=move.heads,
        reason=f"REASON_{move.reason.name if stated else 'UNSPECIFIED'}",
        note=move.note,
        derived=move.derived,
        city_code=move.city,
        origin=origin_to_wire(move.origin),
        recorded_by=move.actor,
        create_time=instant_to_wire(move.created_at),
        void_time=instant_to_wire(move.voided_at) if move.voided_at else None,
        void_reason=move.void_reason,
        voided_by=move.voided_by,
    )
