"""Erasures that a partner was told and has not acknowledged, on the partner's page."""

from bole.matcher.v1 import partner_erasure_service_pb2 as service
from bole.matcher.v1 import partner_erasure_service_pb2_grpc as service_grpc
from services.console.backend import SECONDS
from services.console.web.visits import Visit

_SHOWN = 50


def waiting(visit: Visit, partner: str) -> service.ListPartnerErasuresResponse:
    """The oldest ones."""
    request = service.ListPartnerErasuresRequest(parent=partner, open_only=True, page_size=_SHOWN)
    stub = visit.stub(service_grpc.PartnerErasureServiceStub)
    return stub.ListPartnerErasures(request, timeout=SECONDS)
