"""PartnerCertificateService: client certificates that name partners."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.matcher.v1 import partner_certificate_pb2, partner_certificate_service_pb2_grpc, partner_pb2
from bole.matcher.v1 import partner_certificate_service_pb2 as wire
from services.chassis.house import House
from services.chassis.identity.certificates import read_client_certificate
from services.chassis.rpc.call import current_call
from services.chassis.rpc.wire import instant_to_wire
from services.chassis.storage.listing import Query
from services.kernel.errors import NotFound
from services.matcher.domain.partners.partner import Scope
from services.matcher.domain.partners.partner_certificate import Certificate
from services.matcher.rpc.once import once
from services.matcher.rpc.partners.partner_names import partner_of, parts_of
from services.matcher.service.partners.certificates import Certificates
from services.matcher.service.partners.key_uses import KeyUses
from services.matcher.store.partners import certificates as store
from services.matcher.store.partners import partners

_CERTIFICATES = ("certificates",)


@dataclass(frozen=True)
class PartnerCertificateRoom(partner_certificate_service_pb2_grpc.PartnerCertificateServiceServicer):
    """The servicer. `uses`: of certificates, which are written down before they are told."""

    house: House
    certificates: Certificates
    uses: KeyUses

    def CreatePartnerCertificate(
        self, request: wire.CreatePartnerCertificateRequest, context: Any
    ) -> partner_certificate_pb2.PartnerCertificate:
        """Register a certificate."""
        partner_id, stated = partner_of(request.parent, current_call(), "parent"), request.certificate
        said = read_client_certificate(stated.pem, "certificate.pem", self.house.clock.now())
        scope = Scope.EVENTS if stated.scope == partner_pb2.PartnerKey.SCOPE_EVENTS else Scope.FULL

        def act(session: Session) -> tuple[str, partner_certificate_pb2.PartnerCertificate]:
            made = self.certificates.register(session, partner_id, said, stated.title, scope)
            return made.name, self._wire(made)

        kind = partner_certificate_pb2.PartnerCertificate
        return once(self.house, "create-partner-certificate", request, kind, act)

    def ListPartnerCertificates(
        self, request: wire.ListPartnerCertificatesRequest, context: Any
    ) -> wire.ListPartnerCertificatesResponse:
        """The certificates of a partner."""
        call = current_call()
        partner_id = partner_of(request.parent, call, "parent")
        query = Query("", "", request.page_size, request.page_token, {"parent": request.parent})
        self.uses.flush()
        with self.house.database.read() as session:
            if partners.get(session, partner_id) is None:
                raise NotFound.resource(request.parent)
            page = store.listing().page(
                session,
                Certificate,
                query,
                self.house.pages,
                call.principal.subject,
                store.of_partner(partner_id),
            )
            return wire.ListPartnerCertificatesResponse(
                certificates=[self._wire(each) for each in page.items],
                next_page_token=page.next_page_token,
                total_size=page.total,
            )

    def RevokePartnerCertificate(
        self, request: wire.RevokePartnerCertificateRequest, context: Any
    ) -> partner_certificate_pb2.PartnerCertificate:
        """Let a certificate count no more."""
        partner_id, id_ = parts_of(request.name, _CERTIFICATES, current_call(), "name")

        def act(session: Session) -> tuple[str, partner_certificate_pb2.PartnerCertificate]:
            revoked = self.certificates.revoke(session, partner_id, id_)
            return revoked.name, self._wire(revoked)

        kind = partner_certificate_pb2.PartnerCertificate
        return once(self.house, "revoke-partner-certificate", request, kind, act)

    def _wire(self, of: Certificate) -> partner_certificate_pb2.PartnerCertificate:
        return partner_certificate_pb2.PartnerCertificate(
            name=of.name,
            title=of.title,
            scope=f"SCOPE_{of.scope.value}",
            subject=of.subject,
            issuer=of.issuer,
            fingerprint=of.fingerprint,
            start_time=instant_to_wire(of.not_before),
            expire_time=instant_to_wire(of.not_after),
            state=f"STATE_{of.state(self.house.clock.now()).value}",
            last_use_time=instant_to_wire(of.last_used_at) if of.last_used_at else None,
            create_time=instant_to_wire(of.created_at),
            revoke_time=instant_to_wire(of.revoked_at) if of.revoked_at else None,
        )
