"""A partner's own topic on the log, on the partner's page."""

from uuid import uuid4

import grpc
from starlette.responses import RedirectResponse, Response

from bole.matcher.v1 import partner_topic_pb2 as wire
from bole.matcher.v1 import partner_topic_service_pb2 as service
from bole.matcher.v1 import partner_topic_service_pb2_grpc as service_grpc
from services.console.backend import SECONDS
from services.console.web.visits import Visit


def of(visit: Visit, partner: str) -> wire.PartnerTopic | None:
    """The topic of a partner; None where none is open."""
    try:
        return _stub(visit).GetPartnerTopic(
            service.GetPartnerTopicRequest(name=f"{partner}/topic"), timeout=SECONDS
        )
    except grpc.RpcError as error:
        if isinstance(error, grpc.Call) and error.code() is grpc.StatusCode.NOT_FOUND:
            return None
        raise


def open_(visit: Visit) -> Response:
    """Begin to tell it."""
    parent = f"partners/{visit.part('partner')}"
    request = service.CreatePartnerTopicRequest(
        parent=parent, from_start=visit.form.get("from") == "start", request_id=str(uuid4())
    )
    _stub(visit).CreatePartnerTopic(request, timeout=SECONDS)
    return RedirectResponse(f"/events/{parent}#topic", 303)


def close(visit: Visit) -> Response:
    """Tell it no more."""
    parent = f"partners/{visit.part('partner')}"
    request = service.DeletePartnerTopicRequest(name=f"{parent}/topic", request_id=str(uuid4()))
    _stub(visit).DeletePartnerTopic(request, timeout=SECONDS)
    return RedirectResponse(f"/events/{parent}#topic", 303)


def _stub(visit: Visit) -> service_grpc.PartnerTopicServiceStub:
    return visit.stub(service_grpc.PartnerTopicServiceStub)
