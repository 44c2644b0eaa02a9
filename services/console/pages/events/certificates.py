"""Client certificates that name a partner, on the partner's page."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.matcher.v1 import partner_certificate_pb2 as wire
from bole.matcher.v1 import partner_certificate_service_pb2 as service
from bole.matcher.v1 import partner_certificate_service_pb2_grpc as service_grpc
from services.console.backend import SECONDS
from services.console.web.visits import Visit
from services.kernel.errors import InvalidArgument

_SCOPES = {"full": "SCOPE_FULL", "events": "SCOPE_EVENTS"}


def listed(visit: Visit, partner: str) -> Sequence[wire.PartnerCertificate]:
    """The certificates of a partner, the newest first."""
    request = service.ListPartnerCertificatesRequest(parent=partner)
    return _stub(visit).ListPartnerCertificates(request, timeout=SECONDS).certificates


def scope_of(form: Mapping[str, str]) -> str:
    """What the form lets a key or certificate open. Raises InvalidArgument unless it is named."""
    scope = _SCOPES.get(form.get("scope", ""))
    if scope is None:
        words = ", ".join(_SCOPES)
        raise InvalidArgument.field(
            "scope", "UNKNOWN_CODE", f"范围应为 {words} 之一", f"the scope must be one of {words}"
        )
    return scope


def add(visit: Visit, partner: str) -> None:
    """Register the certificate of the form. Raises InvalidArgument."""
    form = visit.form
    certificate = wire.PartnerCertificate(
        pem=form.get("pem", ""),
        title=form.get("title", ""),
        scope=scope_of(form),
    )
    request = service.CreatePartnerCertificateRequest(
        parent=partner, certificate=certificate, request_id=form.get("request_id", "") or str(uuid4())
    )
    _stub(visit).CreatePartnerCertificate(request, timeout=SECONDS)


def revoke(visit: Visit) -> Response:
    """Let a certificate count no more."""
    parent = f"partners/{visit.part('partner')}"
    request = service.RevokePartnerCertificateRequest(
        name=f"{parent}/certificates/{visit.part('id')}", request_id=str(uuid4())
    )
    _stub(visit).RevokePartnerCertificate(request, timeout=SECONDS)
    return RedirectResponse(f"/events/{parent}#certificates", 303)


def _stub(visit: Visit) -> service_grpc.PartnerCertificateServiceStub:
    return visit.stub(service_grpc.PartnerCertificateServiceStub)
