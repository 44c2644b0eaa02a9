"""PartnerErasureService: what partners were told of erasures, and what they acknowledge."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.matcher.v1 import partner_erasure_pb2, partner_erasure_service_pb2_grpc
from bole.matcher.v1 import partner_erasure_service_pb2 as wire
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.rpc.wire import instant_to_wire
from services.chassis.storage.listing import Query
from services.matcher.domain.partners.partner_erasure import PartnerErasure
from services.matcher.rpc.once import once
from services.matcher.rpc.partners.partner_names import partner_of
from services.matcher.service.partners.partner_erasures import PartnerErasures
from services.matcher.service.partners.partners import pseudonym, secret_of
from services.matcher.store.partners import partner_erasures as store


@dataclass(frozen=True)
class PartnerErasureRoom(partner_erasure_service_pb2_grpc.PartnerErasureServiceServicer):
    """The servicer."""

    house: House
    erasures: PartnerErasures

    def AcknowledgeErasures(
        self, request: wire.AcknowledgeErasuresRequest, context: Any
    ) -> wire.AcknowledgeErasuresResponse:
        """Acknowledge some."""
        partner_id = partner_of(request.parent, current_call(), "parent")

        def act(session: Session) -> tuple[str, wire.AcknowledgeErasuresResponse]:
            self.erasures.acknowledge(session, partner_id, request.sequences, request.subjects)
            left = store.open_of(session, partner_id).number
            return f"partners/{partner_id}", wire.AcknowledgeErasuresResponse(open_count=left)

        kind, detail = wire.AcknowledgeErasuresResponse, {"sequences": list(request.sequences)}
        return once(self.house, "acknowledge-erasures", request, kind, act, detail=detail)

    def ListPartnerErasures(
        self, request: wire.ListPartnerErasuresRequest, context: Any
    ) -> wire.ListPartnerErasuresResponse:
        """What a partner was told."""
        call = current_call()
        partner_id = partner_of(request.parent, call, "parent")
        bound = {"parent": request.parent, "open_only": str(request.open_only)}
        query = Query("", "", request.page_size, request.page_token, bound)
        with self.house.database.read() as session:
            secret = secret_of(session, partner_id)
            page = store.listing().page(
                session,
                PartnerErasure,
                query,
                self.house.pages,
                call.principal.subject,
                store.of_partner(partner_id),
                store.waiting(open_only=request.open_only),
            )
            return wire.ListPartnerErasuresResponse(
                erasures=[self._wire(each, secret) for each in page.items],
                next_page_token=page.next_page_token,
                total_size=page.total,
            )

    def _wire(self, of: PartnerErasure, secret: bytes) -> partner_erasure_pb2.PartnerErasure:
        done = of.acknowledged_at
        return partner_erasure_pb2.PartnerErasure(
            name=of.name,
            sequence=of.sequence,
            subject=pseudonym(secret, of.person_id),
            state=f"STATE_{of.state(self.house.clock.now(), self.erasures.within).value}",
            event_time=instant_to_wire(of.told_at),
            due_time=instant_to_wire(self.erasures.due(of.told_at)),
            acknowledge_time=instant_to_wire(done) if done else None,
        )
