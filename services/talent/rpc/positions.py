"""PositionService: positions through their life, and how their heads were filled."""

from collections.abc import Callable, Iterator, Mapping
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
from services.chassis.rpc.masks import apply_mask
from services.chassis.rpc.wire import check_etag
from services.kernel.errors import BoleError, InvalidArgument
from services.talent.domain.position import Position, PositionOutcome
from services.talent.rpc.persons import KEEPERS
from services.talent.rpc.position_wire import (
    CLOSING_FIELDS,
    FIELDS,
    OUTCOME_FIELDS,
    closing_stated,
    outcome_stated,
    outcome_to_wire,
    position_facts,
    position_to_wire,
)
from services.talent.rpc.wire import id_of, origin_from_wire
from services.talent.service.positions import Positions
from services.talent.store import lists, schema
from services.talent.store import positions as store


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

    def UpdatePosition(self, request: wire.UpdatePositionRequest, context: Any) -> position_pb2.Position:
        """Change fields of a position."""
        call = current_call()

        def act(session: Session) -> Position:
            position = self._mine(session, call, request.position.name, request.position.etag, "position.")
            merged = position_to_wire(position)
            apply_mask(request.update_mask, request.position, merged)
            facts = position_facts(merged)
            _require_city(call, facts.city)
            self.positions.revise(session, position, facts, call.principal.subject)
            return position

        if request.validate_only:
            return self._rehearsed(act)
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

        def act(session: Session) -> position_pb2.PositionOutcome:
            position = self._mine(session, call, request.parent, request.etag)
            stated = outcome_stated(request.outcome)
            number = self.positions.record(session, position, stated, call.principal.subject)
            return self._outcome(session, call, "record-outcome", position, number)

        return self._answered(call, request, act, OUTCOME_FIELDS)

    def VoidPositionOutcome(
        self, request: wire.VoidPositionOutcomeRequest, context: Any
    ) -> position_pb2.PositionOutcome:
        """Take a record back."""
        call = current_call()
        parent, number = _outcome_of(request.name)

        def act(session: Session) -> position_pb2.PositionOutcome:
            position = self._mine(session, call, parent, request.etag)
            self.positions.void(session, position, number, request.reason, call.principal.subject)
            return self._outcome(session, call, "void-outcome", position, number)

        return self._answered(call, request, act, OUTCOME_FIELDS)

    def _outcome(
        self, session: Session, call: Call, action: str, position: Position, number: int
    ) -> position_pb2.PositionOutcome:
        session.flush()
        name = f"positions/{position.id}"
        self.house.audit.append(session, entry_of(call, action, name, "done", {"number": number}))
        outcome = store.outcome(session, position.id, number)
        if outcome is None:
            raise AssertionError(f"{name} has no outcome {number}")
        return outcome_to_wire(outcome, position)

    def _answered(
        self,
        call: Call,
        request: Any,
        act: Callable[[Session], position_pb2.PositionOutcome],
        names: Mapping[str, str],
    ) -> position_pb2.PositionOutcome:
        with _in_words_of_the_request(names), self.house.database.write() as session:
            return self.house.requests.once(
                session,
                (call.principal.subject, call.method),
                request.request_id,
                request,
                position_pb2.PositionOutcome,
                lambda: act(session),
            )

    def _rehearsed(self, act: Callable[[Session], Position]) -> position_pb2.Position:
        """The answer of a change that is not made."""
        with _in_words_of_the_request(FIELDS), self.house.database.write() as session:
            answer = position_to_wire(act(session))
            session.rollback()
            return answer

    def _mine(self, session: Session, call: Call, name: str, etag: str, prefix: str = "") -> Position:
        position = self.positions.get(session, id_of(name, "positions", field=f"{prefix}name"))
        _require_city(call, position.city)
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
        with _in_words_of_the_request(names), self.house.database.write() as session:

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


def _require_city(call: Call, city: str) -> None:
    policy.require_city(call.principal, KEEPERS, city, call.arrived)


@contextmanager
def _in_words_of_the_request(names: Mapping[str, str]) -> Iterator[None]:
    try:
        yield
    except BoleError as error:
        if any(violation.field in names for violation in error.violations):
            raise error.renamed(dict(names)) from None
        raise
