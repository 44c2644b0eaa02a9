"""Due diligence on a firm's patents in the demonstration: what it declares goes on the register, as its own."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from bole.funding.v1 import firm_service_pb2, firm_service_pb2_grpc, intellectual_property_pb2
from bole.funding.v1 import intellectual_property_service_pb2 as service
from services.chassis.rpc.wire import date_to_wire
from services.cli.funding import rights
from services.cli.session import Session
from services.kernel.clock import civil_date

_OWN = intellectual_property_pb2.IpRight.OWNERSHIP_OWNED
_INVENTION = intellectual_property_pb2.IpRight.KIND_INVENTION
_PROOF = "专利登记簿副本（演示 SYNTHETIC）"
_TWENTY_YEARS = timedelta(days=7305)


def look_up_rights(session: Session, firm: str) -> int:
    """State whose each right of the firm is, and record the inventions it declares; how many are on record then."""
    firms = firm_service_pb2_grpc.FirmServiceStub(session.channel("funding"))
    declared = firms.GetFirm(firm_service_pb2.GetFirmRequest(name=firm)).snapshot.invention_count
    stub = rights.stub(session)
    known = list(stub.ListIpRights(service.ListIpRightsRequest(parent=firm)).ip_rights)
    for right in known:
        if not right.ownership:
            stub.StateIpOwnership(
                service.StateIpOwnershipRequest(
                    name=right.name, etag=right.etag, ownership=_OWN, document=_PROOF
                )
            )
    missing = declared - sum(each.kind == _INVENTION for each in known)
    granted = civil_date(datetime.now(UTC)) - timedelta(days=365)
    for _ in range(missing):
        stub.CreateIpRight(service.CreateIpRightRequest(parent=firm, ip_right=_invention(granted)))
    return len(known) + max(0, missing)


def _invention(granted: date) -> intellectual_property_pb2.IpRight:
    number = f"DEMO-{uuid4().hex[:12]}"
    return intellectual_property_pb2.IpRight(
        kind=_INVENTION,
        number=number,
        title=f"演示发明 {number}",
        grant_date=date_to_wire(granted),
        expire_date=date_to_wire(granted + _TWENTY_YEARS),
        document="专利证书（演示 SYNTHETIC）",
        ownership=_OWN,
        ownership_document=_PROOF,
    )
