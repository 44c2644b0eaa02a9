"""RoundService: financing rounds as they were closed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.funding.v1 import round_pb2, round_service_pb2_grpc
from bole.funding.v1 import round_service_pb2 as wire
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.masks import apply_mask
from services.chassis.rpc.wire import check_etag
from services.chassis.storage.paging import page_size
from services.funding.domain.firm.firm import Firm
from services.funding.domain.firm.round import RoundRevision
from services.funding.rpc.deals.acting import require_records
from services.funding.rpc.firms.round_wire import facts_of, round_name, round_to_wire
from services.funding.rpc.firms.seeing_firms import FirmSight
from services.funding.rpc.once import audit, once
from services.funding.rpc.wire import id_of
from services.funding.service.firms.rounds import Rounds
from services.funding.store import schema
from services.funding.store.firms import rounds

KEEPERS = ("fund_manager", "fund_analyst")
_FIELDS = {
    name: f"round.{name}"
    for name in ("round", "close_date", "pre_money", "total", "participants", "document")
}
_PARTS = {
    f"participants[{at}].{name}": f"round.participants[{at}].{name}"
    for at in range(100)
    for name in ("party", "fund", "amount")
}


@dataclass(frozen=True)
class RoundRoom(round_service_pb2_grpc.RoundServiceServicer):
    """The servicer."""

    house: House
    rounds: Rounds

    def GetRound(self, request: wire.GetRoundRequest, context: Any) -> round_pb2.FinancingRound:
        """One round."""
        with self.house.database.read() as session:
            return round_to_wire(self._open(session, request.name, "name"))

    def ListRounds(self, request: wire.ListRoundsRequest, context: Any) -> wire.ListRoundsResponse:
        """Rounds of a firm, or of all."""
        sight, subject, method = FirmSight(current_call()), current_call().principal.subject, "ListRounds"
        size = page_size(request.page_size, 50, 500)
        firm = id_of(request.parent, "firms", field="parent")
        bound = {"parent": request.parent}
        cursor = self.house.pages.read(request.page_token, method=method, query=bound, subject=subject)
        with self.house.database.read() as session:
            if firm != "-":
                sight.open(session, request.parent, "parent")
            after = str(cursor[0]) if cursor else None
            shown = sight.rows(session, schema.financing_round.c.firm_id)
            found, total = rounds.page(session, None if firm == "-" else firm, after, size + 1, shown)
        token = ""
        if len(found) > size:
            token = self.house.pages.issue([found[size - 1].id], method=method, query=bound, subject=subject)
        return wire.ListRoundsResponse(
            rounds=[round_to_wire(each) for each in found[:size]], next_page_token=token, total_size=total
        )

    def CreateRound(self, request: wire.CreateRoundRequest, context: Any) -> round_pb2.FinancingRound:
        """Record a round."""
        call, firm_id = current_call(), id_of(request.parent, "firms", field="parent")

        def act(session: Session) -> RoundRevision:
            require_records(session, call, KEEPERS, FirmSight(call).find(session, request.parent, "parent"))
            return self.rounds.create(session, firm_id, facts_of(request.round), call.principal.subject)

        return self._once(call, "record-round", request, act)

    def UpdateRound(self, request: wire.UpdateRoundRequest, context: Any) -> round_pb2.FinancingRound:
        """A further revision."""
        call = current_call()

        def act(session: Session) -> RoundRevision:
            standing = self._open(session, request.round.name, "round.name")
            require_records(session, call, KEEPERS, session.get_one(Firm, standing.firm_id))
            check_etag(request.round.etag, standing.revision, request.round.name, field="round.etag")
            merged = round_to_wire(standing)
            apply_mask(request.update_mask, request.round, merged)
            return self.rounds.correct(session, standing, facts_of(merged), call.principal.subject)

        return self._once(call, "correct-round", request, act)

    def ListRoundRevisions(
        self, request: wire.ListRoundRevisionsRequest, context: Any
    ) -> wire.ListRoundRevisionsResponse:
        """Every revision."""
        with self.house.database.read() as session:
            found = rounds.revisions(session, self._open(session, request.parent, "parent"))
        return wire.ListRoundRevisionsResponse(revisions=[round_to_wire(each) for each in found])

    def _open(self, session: Session, name: str, field: str) -> RoundRevision:
        """A round, for a caller who may read the records of its firm."""
        firm_id, id_ = round_name(name, field)
        FirmSight(current_call()).open(session, f"firms/{firm_id}", field)
        return self.rounds.get(session, firm_id, id_)

    def _once(
        self, call: Call, action: str, request: Any, act: Callable[[Session], RoundRevision]
    ) -> round_pb2.FinancingRound:
        def answer(session: Session) -> round_pb2.FinancingRound:
            made = round_to_wire(act(session))
            audit(self.house, session, call, action, made.name)
            return made

        return once(
            self.house,
            call,
            request,
            request.request_id,
            round_pb2.FinancingRound,
            answer,
            fields={**_FIELDS, **_PARTS},
        )
