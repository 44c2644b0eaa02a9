"""IntellectualPropertyService: rights of firms and pledges of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.funding.v1 import intellectual_property_pb2, intellectual_property_service_pb2_grpc
from bole.funding.v1 import intellectual_property_service_pb2 as wire
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import check_etag, date_from_wire
from services.funding.domain.property.pledge import Pledge, PledgeState
from services.funding.domain.property.right import IpRight
from services.funding.rpc.deals.acting import require_records
from services.funding.rpc.firms.property_wire import (
    OWNERSHIPS,
    child_of_firm,
    pledge_of,
    pledge_to_wire,
    right_of,
    right_to_wire,
)
from services.funding.rpc.firms.seeing_firms import FirmSight
from services.funding.rpc.once import audit, once
from services.funding.rpc.wire import id_of
from services.funding.service.firms.property import Property
from services.funding.store.firms import property as store
from services.kernel.clock import civil_date

KEEPERS = ("fund_manager", "fund_analyst")
_RIGHT = {
    name: f"ip_right.{name}"
    for name in ("number", "title", "document", "grant_date", "expire_date", "ownership_document")
}
_PLEDGE = {
    name: f"pledge.{name}"
    for name in ("pledgee", "valuation_basis", "secured", "valuation", "rank", "ip_rights", "end_date")
}


@dataclass(frozen=True)
class PropertyRoom(intellectual_property_service_pb2_grpc.IntellectualPropertyServiceServicer):
    """The servicer."""

    house: House
    property: Property

    def GetIpRight(self, request: wire.GetIpRightRequest, context: Any) -> intellectual_property_pb2.IpRight:
        """One right."""
        with self.house.database.read() as session:
            firm_id, id_ = _right_name(request.name)
            firm = FirmSight(current_call()).open(session, f"firms/{firm_id}")
            return right_to_wire(self.property.right(session, firm.id, id_))

    def ListIpRights(self, request: wire.ListIpRightsRequest, context: Any) -> wire.ListIpRightsResponse:
        """Rights of a firm."""
        today = civil_date(self.house.clock.now())
        with self.house.database.read() as session:
            firm = FirmSight(current_call()).open(session, request.parent, "parent")
            found = store.rights(session, firm.id)
        shown = [each for each in found if not request.free_only or each.free(today)]
        return wire.ListIpRightsResponse(ip_rights=[right_to_wire(each) for each in shown])

    def CreateIpRight(
        self, request: wire.CreateIpRightRequest, context: Any
    ) -> intellectual_property_pb2.IpRight:
        """Record a right."""
        call, firm_id = current_call(), id_of(request.parent, "firms", field="parent")

        def act(session: Session) -> IpRight:
            _require(session, call, firm_id)
            at, actor = self.house.clock.now(), call.principal.subject
            right = right_of(request.ip_right, id=self.house.ids.new(), firm_id=firm_id, actor=actor, at=at)
            return self.property.record(session, right)

        return self._right(call, "record-right", request, act)

    def LapseIpRight(
        self, request: wire.LapseIpRightRequest, context: Any
    ) -> intellectual_property_pb2.IpRight:
        """Record that a right lapsed."""
        call, (firm_id, id_) = current_call(), _right_name(request.name)

        def act(session: Session) -> IpRight:
            _require(session, call, firm_id)
            right = self.property.right(session, firm_id, id_)
            check_etag(request.etag, right.version, request.name)
            return self.property.lapse(session, right, request.reason)

        return self._right(call, "lapse-right", request, act)

    def StateIpOwnership(
        self, request: wire.StateIpOwnershipRequest, context: Any
    ) -> intellectual_property_pb2.IpRight:
        """Put down whose a right is."""
        call, (firm_id, id_) = current_call(), _right_name(request.name)

        def act(session: Session) -> IpRight:
            firm = FirmSight(call).find(session, f"firms/{firm_id}")
            require_records(session, call, (*KEEPERS, "legal"), firm)
            right = self.property.right(session, firm_id, id_)
            check_etag(request.etag, right.version, request.name)
            whose = OWNERSHIPS[request.ownership]
            return self.property.state_ownership(session, right, whose, request.document)

        return self._right(call, "state-ownership", request, act, fields={})

    def GetPledge(self, request: wire.GetPledgeRequest, context: Any) -> intellectual_property_pb2.Pledge:
        """One pledge."""
        with self.house.database.read() as session:
            firm_id, id_ = _pledge_name(request.name)
            firm = FirmSight(current_call()).open(session, f"firms/{firm_id}")
            return pledge_to_wire(self.property.pledge(session, firm.id, id_))

    def ListPledges(self, request: wire.ListPledgesRequest, context: Any) -> wire.ListPledgesResponse:
        """Pledges of a firm."""
        with self.house.database.read() as session:
            firm = FirmSight(current_call()).open(session, request.parent, "parent")
            found = store.pledges(session, firm.id)
        return wire.ListPledgesResponse(pledges=[pledge_to_wire(each) for each in found])

    def CreatePledge(
        self, request: wire.CreatePledgeRequest, context: Any
    ) -> intellectual_property_pb2.Pledge:
        """Draft a pledge."""
        call, firm_id = current_call(), id_of(request.parent, "firms", field="parent")

        def act(session: Session) -> Pledge:
            _require(session, call, firm_id)
            id_, at = self.house.ids.new(), self.house.clock.now()
            made = pledge_of(request.pledge, id=id_, firm_id=firm_id, at=at)
            return self.property.draft(session, made, request.document, call.principal.subject)

        return self._pledge(call, "draft-pledge", request, act, fields=_PLEDGE)

    def RegisterPledge(
        self, request: wire.RegisterPledgeRequest, context: Any
    ) -> intellectual_property_pb2.Pledge:
        """Record the registration."""
        return self._move(request, PledgeState.REGISTERED, registration=request.registration_number)

    def ReleasePledge(
        self, request: wire.ReleasePledgeRequest, context: Any
    ) -> intellectual_property_pb2.Pledge:
        """Record the release."""
        return self._move(request, PledgeState.RELEASED)

    def EnforcePledge(
        self, request: wire.EnforcePledgeRequest, context: Any
    ) -> intellectual_property_pb2.Pledge:
        """Record the enforcement."""
        return self._move(request, PledgeState.ENFORCED)

    def ExpirePledge(
        self, request: wire.ExpirePledgeRequest, context: Any
    ) -> intellectual_property_pb2.Pledge:
        """Record that it expired."""
        return self._move(request, PledgeState.EXPIRED)

    def _move(
        self, request: Any, target: PledgeState, registration: str = ""
    ) -> intellectual_property_pb2.Pledge:
        call, (firm_id, id_) = current_call(), _pledge_name(request.name)

        def act(session: Session) -> Pledge:
            _require(session, call, firm_id)
            pledge = self.property.pledge(session, firm_id, id_)
            check_etag(request.etag, pledge.version, request.name)
            return self.property.move(
                session,
                pledge,
                target,
                effective=date_from_wire(request.effective_date),
                document=request.document,
                actor=call.principal.subject,
                registration=registration,
            )

        return self._pledge(call, f"{target.name.lower()}-pledge", request, act, fields={})

    def _pledge(
        self,
        call: Call,
        action: str,
        request: Any,
        act: Callable[[Session], Pledge],
        *,
        fields: dict[str, str],
    ) -> intellectual_property_pb2.Pledge:
        def answer(session: Session) -> intellectual_property_pb2.Pledge:
            made = pledge_to_wire(act(session))
            audit(self.house, session, call, action, made.name)
            return made

        kind, id_ = intellectual_property_pb2.Pledge, request.request_id
        return once(self.house, call, request, id_, kind, answer, fields=fields)

    def _right(
        self,
        call: Call,
        action: str,
        request: Any,
        act: Callable[[Session], IpRight],
        fields: dict[str, str] | None = None,
    ) -> intellectual_property_pb2.IpRight:
        def answer(session: Session) -> intellectual_property_pb2.IpRight:
            made = right_to_wire(act(session))
            audit(self.house, session, call, action, made.name)
            return made

        kind, id_ = intellectual_property_pb2.IpRight, request.request_id
        named = _RIGHT if fields is None else fields
        return once(self.house, call, request, id_, kind, answer, fields=named)


def _right_name(name: str) -> tuple[str, str]:
    return child_of_firm(name, "ipRights", "name")


def _pledge_name(name: str) -> tuple[str, str]:
    return child_of_firm(name, "pledges", "name")


def _require(session: Session, call: Call, firm_id: str) -> None:
    """Raise PermissionDenied unless the caller keeps the firm's records. Raises NotFound."""
    require_records(session, call, KEEPERS, FirmSight(call).find(session, f"firms/{firm_id}"))
