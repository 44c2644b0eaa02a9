"""The rights of a firm (知识产权) on its page: what is pledged and whose it is, and putting down whose."""

from typing import Any
from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.funding.v1 import intellectual_property_service_pb2 as service
from bole.funding.v1 import intellectual_property_service_pb2_grpc as service_grpc
from services.console.backend import SECONDS
from services.console.pages.beside import beside
from services.console.web.visits import Visit
from services.kernel.errors import InvalidArgument
from services.wording.rights import OWNERSHIPS

UNKNOWN = "OWNERSHIP_UNSPECIFIED"


def of_firm(visit: Visit, firm: str) -> dict[str, Any]:
    """What stands in the section, as far as the visitor may see it."""
    request = service.ListIpRightsRequest(parent=firm)
    found = beside(lambda: _stub(visit).ListIpRights(request, timeout=SECONDS).ip_rights)
    offered = {code: said for code, said in OWNERSHIPS.items() if code != UNKNOWN}
    return {"rights": found, "ownerships": offered}


def state(visit: Visit) -> Response:
    """Put down whose a right is, and show the firm. Raises InvalidArgument and whatever the service refuses by."""
    name, id_ = visit.form.get("right", ""), visit.part("id")
    if not name.startswith(f"firms/{id_}/ipRights/") or visit.form.get("ownership") not in OWNERSHIPS:
        raise InvalidArgument.field(
            "right", "REQUIRED", "请选择权利与权属", "choose the right and whose it is"
        )
    held = _stub(visit).GetIpRight(service.GetIpRightRequest(name=name), timeout=SECONDS)
    request = service.StateIpOwnershipRequest(
        name=name,
        etag=held.etag,
        ownership=visit.form["ownership"],
        document=visit.form.get("document", ""),
        request_id=str(uuid4()),
    )
    _stub(visit).StateIpOwnership(request, timeout=SECONDS)
    return RedirectResponse(f"/firms/{id_}?done=RIGHTS#rights", 303)


def _stub(visit: Visit) -> service_grpc.IntellectualPropertyServiceStub:
    return visit.stub(service_grpc.IntellectualPropertyServiceStub)
