"""InterestService: conflicts of interest."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.funding.v1 import interest_pb2, interest_service_pb2_grpc
from bole.funding.v1 import interest_service_pb2 as wire
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.funding.domain.fund.fund import Fund
from services.funding.rpc.changing import changed
from services.funding.rpc.deals.acting import require_free, require_fund, require_records
from services.funding.rpc.deals.interest_wire import (
    firm_interest_to_wire,
    interest_to_wire,
    kind_of,
    kinds_of,
    link_to_wire,
)
from services.funding.rpc.firms.seeing_firms import FirmSight
from services.funding.rpc.seeing import STAFF, Sight
from services.funding.rpc.wire import id_of, number_of
from services.funding.service.deals.declaring import Interests
from services.funding.service.deals.interests import asked_on, judged, standings, takes, undeclared
from services.funding.service.firms.firm_interests import interests_in
from services.funding.store.deals import trails

_SECRETARY = ("committee_secretary",)
_OVERSEERS = frozenset({"committee_secretary", "fund_manager", "supervisor", "auditor"})


@dataclass(frozen=True)
class InterestRoom(interest_service_pb2_grpc.InterestServiceServicer):
    """The servicer."""

    house: House
    interests: Interests

    def DeclareInterest(
        self, request: wire.DeclareInterestRequest, context: Any
    ) -> interest_pb2.InterestDeclaration:
        """The caller's word on a deal."""
        call = current_call()

        def act(session: Session) -> interest_pb2.InterestDeclaration:
            deal = Sight.of(call).find(session, id_of(request.parent, "deals", field="parent"))
            made = self.interests.declare(
                session, deal, call.principal.subject, kinds_of(request.kinds), request.text
            )
            return interest_to_wire(made, trails.private_texts(session, deal.id))

        return changed(self.house, "declare-interest", request, interest_pb2.InterestDeclaration, act)

    def ListInterests(self, request: wire.ListInterestsRequest, context: Any) -> wire.ListInterestsResponse:
        """The declarations on a deal; the caller's own for who does not oversee them."""
        call = current_call()
        with self.house.database.read() as session:
            deal = Sight.of(call).find(session, id_of(request.parent, "deals", field="parent"))
            city = session.get_one(Fund, deal.fund_id).city
            roles = call.principal.roles_at(call.arrived, city, fund=deal.fund_id)
            found = judged(session, [deal]).get(deal.id, [])
            missing = undeclared(standings(session, [deal])[deal.id], asked_on(session, deal))
            if not roles & _OVERSEERS:
                found = [each for each in found if each.declaration.member == call.principal.subject]
                missing &= {call.principal.subject}
            texts = trails.private_texts(session, deal.id)
        return wire.ListInterestsResponse(
            interests=[interest_to_wire(each, texts) for each in found],
            undeclared_members=sorted(missing),
            open=takes(deal),
        )

    def ResolveInterest(
        self, request: wire.ResolveInterestRequest, context: Any
    ) -> interest_pb2.InterestDeclaration:
        """Decide on a contradicted declaration."""
        call = current_call()

        def act(session: Session) -> interest_pb2.InterestDeclaration:
            deal_id, number = number_of(request.name, "interests")
            deal = Sight.of(call).find(session, deal_id)
            require_fund(session, call, _SECRETARY, deal.fund_id)
            require_free(session, call, deal)
            made = self.interests.resolve(
                session,
                deal,
                number,
                recused=request.recused,
                reason=request.reason,
                actor=call.principal.subject,
            )
            return interest_to_wire(made, trails.private_texts(session, deal.id))

        return changed(self.house, "resolve-interest", request, interest_pb2.InterestDeclaration, act)

    def CreateKnownLink(self, request: wire.CreateKnownLinkRequest, context: Any) -> interest_pb2.KnownLink:
        """Record a tie with its source."""
        call, stated = current_call(), request.known_link

        def act(session: Session) -> interest_pb2.KnownLink:
            firm = FirmSight(call).find(session, stated.firm, "known_link.firm")
            require_records(session, call, STAFF, firm)
            kind, subject = kind_of(stated.kind), call.principal.subject
            return link_to_wire(
                self.interests.record_link(session, firm.id, stated.member, kind, stated.source, subject)
            )

        return changed(self.house, "record-link", request, interest_pb2.KnownLink, act)

    def ListFirmInterests(
        self, request: wire.ListFirmInterestsRequest, context: Any
    ) -> wire.ListFirmInterestsResponse:
        """Who has an interest in a firm."""
        call = current_call()
        with self.house.database.read() as session:
            firm = FirmSight(call).find(session, request.parent, "parent")
            require_records(session, call, STAFF, firm)
            found = interests_in(session, firm.id)
        return wire.ListFirmInterestsResponse(interests=[firm_interest_to_wire(each) for each in found])
