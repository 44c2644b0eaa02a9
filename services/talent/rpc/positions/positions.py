"""PositionService: positions through their life, and how their heads were filled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.talent.v1 import position_pb2, position_service_pb2_grpc
from bole.talent.v1 import position_service_pb2 as wire
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.masks import apply_mask
from services.chassis.rpc.wire import check_etag
from services.chassis.storage.listing import Query
from services.kernel.errors import InvalidArgument
from services.talent.domain.position import Position, PositionOutcome
from services.talent.rpc.changing import changed_once
from services.talent.rpc.people.persons import require_city
from services.talent.rpc.positions.position_wire import (
    CLOSING_FIELDS,
    FIELDS,
    OUTCOME_FIELDS,
    closing_stated,
    outcome_stated,
    outcome_to_wire,
    position_facts,
    position_to_wire,
)
from services.talent.rpc.wire import id_of, origin_from_wire, search_query
from services.talent.service.finding.search import Search
from services.talent.service.positions.positions import Positions
from services.talent.store import lists, schema
from services.talent.store import positions as store


@dataclass(frozen=True)
class PositionRoom(position_service_pb2_grpc.PositionServiceServicer):
    """The servicer."""

    house: House
    positions: Positions
    search: Search

    def GetPosition(self, request: wire.GetPositionRequest, context: Any) -> position_pb2.Position:
        """One position."""
        with self.house.database.read() as session:
            return position_to_wire(self.positions.get(session, id_of(request.name, "positions")))

    def ListPositions(self, request: wire.ListPositionsRequest, context: Any) -> wire.ListPositionsResponse:
        """Positions by filter."""
        call = current_call()
        query = Query(request.filter, request.order_by, request.page_size, request.page_token)
        with self.house.database.read() as session:
            page = self.search.positions.page(
                session, Position, query, self.house.pages, call.principal.subject
            )
        return wire.ListPositionsResponse(
            positions=[position_to_wire(each) for each in page.items],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def SearchPositions(
        self, request: wire.SearchPositionsRequest, context: Any
    ) -> wire.SearchPositionsResponse:
        """Positions by words and filter, with facets."""
        call = current_call()
        query = search_query(request)
        with self.house.database.read() as session:
            page, facets = self.search.find_positions(
                session, query, request.query, request.facets, call.principal.subject
            )
        return wire.SearchPositionsResponse(
            positions=[position_to_wire(each) for each in page.items],
            facets=facets,
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def CreatePosition(self, request: wire.CreatePositionRequest, context: Any) -> position_pb2.Position:
        """Publish a position."""
        call = current_call()
        require_city(call, request.position.city_code)

        def act(session: Session) -> Position:
            facts, origin = position_facts(request.position), origin_from_wire(request.position.origin)
            return self.positions.publish(session, facts, origin, call.principal.subject)

        return self._once(call, "create", request, act)

    def UpdatePosition(self, request: wire.UpdatePositionRequest, context: Any) -> position_pb2.Position:
        """Change fields of a position."""
        call = current_call()

        def act(session: Session) -> Position:
            position = self._mine(session, call, request.position.name, request.position.etag, "position.")
            merged = position_to_wire(position)
            apply_mask(request.update_mask, request.position, merged)
            facts = position_facts(merged)
            require_city(call, facts.city)
            self.positions.revise(session, position, facts, call.principal.subject)
            return position

        return self._once(call, "update", request, act)

    def RenewPosition(self, request: wire.RenewPositionRequest, context: Any) -> position_pb2.Position:
        """Count for 180 days more."""
        call = current_call()

        def act(session: Session) -> Position:
            position = self._mine(session, call, request.name, request.etag)
            self.positions.renew(session, position, call.principal.subject)
            return position

        return self._once(call, "renew", request, act)

    def ClosePosition(self, request: wire.ClosePositionRequest, context: Any) -> position_pb2.Position:
        """Close a position."""
        call = current_call()

        def act(session: Session) -> Position:
            position = self._mine(session, call, request.name, request.etag)
            self.positions.close(session, position, closing_stated(request), call.principal.subject)
            return position

        return self._once(call, "close", request, act, CLOSING_FIELDS)

    def ReopenPosition(self, request: wire.ReopenPositionRequest, context: Any) -> position_pb2.Position:
        """Look for people again."""
        call = current_call()

        def act(session: Session) -> Position:
            position = self._mine(session, call, request.name, request.etag)
            self.positions.reopen(session, position, request.reason, call.principal.subject)
            return position

        return self._once(call, "reopen", request, act)

    def ListPositionOutcomes(
        self, request: wire.ListPositionOutcomesRequest, context: Any
    ) -> wire.ListPositionOutcomesResponse:
        """How heads were filled, newest first."""
        call, id_ = current_call(), id_of(request.parent, "positions", field="parent")
        query = Query("", "", request.page_size, request.page_token, {"parent": id_})
        with self.house.database.read() as session:
            position = self.positions.get(session, id_)
            page = lists.outcomes().page(
                session,
                PositionOutcome,
                query,
                self.house.pages,
                call.principal.subject,
                schema.position_outcome.c.position_id == id_,
            )
        return wire.ListPositionOutcomesResponse(
            outcomes=[outcome_to_wire(each, position) for each in page.items],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def CreatePositionOutcome(
        self, request: wire.CreatePositionOutcomeRequest, context: Any
    ) -> position_pb2.PositionOutcome:
        """Record that people have started."""
        call = current_call()

        def act(session: Session) -> tuple[Position, int]:
            position = self._mine(session, call, request.parent, request.etag)
            stated = outcome_stated(request.outcome)
            return position, self.positions.record(session, position, stated, call.principal.subject)

        return self._outcome(call, request, "record-outcome", act)

    def VoidPositionOutcome(
        self, request: wire.VoidPositionOutcomeRequest, context: Any
    ) -> position_pb2.PositionOutcome:
        """Take a record back."""
        call = current_call()
        parent, number = _outcome_of(request.name)

        def act(session: Session) -> tuple[Position, int]:
            position = self._mine(session, call, parent, request.etag)
            self.positions.void(session, position, number, request.reason, call.principal.subject)
            return position, number

        return self._outcome(call, request, "void-outcome", act)

    def _outcome(
        self, call: Call, request: Any, action: str, act: Callable[[Session], tuple[Position, int]]
    ) -> position_pb2.PositionOutcome:
        def made(session: Session) -> position_pb2.PositionOutcome:
            position, number = act(session)
            outcome = store.outcome(session, position.id, number)
            if outcome is None:
                raise AssertionError(f"positions/{position.id} has no outcome {number}")
            return outcome_to_wire(outcome, position)

        return changed_once(
            self.house, call, action, request, position_pb2.PositionOutcome, made, _as_it_is, OUTCOME_FIELDS
        )

    def _mine(self, session: Session, call: Call, name: str, etag: str, prefix: str = "") -> Position:
        position = self.positions.get(session, id_of(name, "positions", field=f"{prefix}name"))
        require_city(call, position.city)
        check_etag(etag, position.version, name, field=f"{prefix}etag")
        return position

    def _once(
        self,
        call: Call,
        action: str,
        request: Any,
        act: Callable[[Session], Position],
        names: Mapping[str, str] = FIELDS,
    ) -> position_pb2.Position:
        return changed_once(
            self.house, call, action, request, position_pb2.Position, act, position_to_wire, names
        )


def _outcome_of(name: str) -> tuple[str, int]:
    """The position's name and the number of `positions/{id}/outcomes/{number}`."""
    parent, _, number = name.rpartition("/outcomes/")
    if not parent or not number.isascii() or not number.isdigit() or len(number) > 9:
        raise InvalidArgument.field(
            "name",
            "INVALID_NAME",
            "名称应写成 positions/编号/outcomes/序号",
            "the name must read positions/{id}/outcomes/{number}",
        )
    return parent, int(number)


def _as_it_is(outcome: position_pb2.PositionOutcome) -> position_pb2.PositionOutcome:
    return outcome
