"""Partners' client certificates: registered, recognised, revoked."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.chassis.identity.certificates import ClientCertificate, RegisteredCertificate
from services.chassis.storage.db import Database
from services.kernel.clock import Clock
from services.kernel.errors import AlreadyExists, FailedPrecondition, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text
from services.matcher.domain.partners.partner import MOST_LIVE_KEYS, ROLES, KeyState, Scope
from services.matcher.domain.partners.partner_certificate import Certificate
from services.matcher.store.partners import certificates, partners


@dataclass(frozen=True)
class Certificates:
    """The use cases."""

    ids: Ids
    clock: Clock

    def register(
        self, session: Session, partner_id: str, said: ClientCertificate, title: str, scope: Scope
    ) -> Certificate:
        """Register a certificate.

        Raises NotFound, AlreadyExists (CERTIFICATE_REGISTERED), FailedPrecondition (CERTIFICATE_REVOKED,
        TWO_LIVE_CERTIFICATES).
        """
        if not partners.lock(session, partner_id):  # so that two at once are counted one after the other
            raise NotFound.resource(f"partners/{partner_id}")
        now = self.clock.now()
        _require_new(certificates.shown(session, said.fingerprint))
        of_partner = certificates.of(session, partner_id)
        live = [each.name for each in of_partner if each.state(now) is KeyState.LIVE]
        if len(live) >= MOST_LIVE_KEYS:
            raise FailedPrecondition(
                Text(
                    f"已有 {MOST_LIVE_KEYS} 份有效证书，请先停用一份",
                    f"{MOST_LIVE_KEYS} certificates count already; revoke one first",
                ),
                reason="TWO_LIVE_CERTIFICATES",
                metadata={"certificates": ", ".join(live)},
            )
        made = Certificate(
            id=self.ids.new(),
            partner_id=partner_id,
            fingerprint=said.fingerprint,
            subject=said.subject,
            issuer=said.issuer,
            not_before=said.not_before,
            not_after=said.not_after,
            title=title,
            scope=scope,
            created_at=now,
        )
        session.add(made)
        return made

    def revoke(self, session: Session, partner_id: str, id_: str) -> Certificate:
        """Let a certificate count no more; a second time changes nothing. Raises NotFound."""
        found = certificates.get(session, id_, lock=True)
        if found is None or found.partner_id != partner_id:
            raise NotFound.resource(f"partners/{partner_id}/certificates/{id_}")
        found.revoke(self.clock.now())
        return found


def find_certificate(database: Database, fingerprint: str) -> RegisteredCertificate | None:
    """What is kept of a certificate; None for one that was revoked, too."""
    with database.read() as session:
        found = certificates.shown(session, fingerprint)
        if found is None or found.revoked_at is not None:
            return None
        role = ROLES[found.scope]
        return RegisteredCertificate(found.id, found.partner_id, found.not_after, role, found.last_used_at)


def _require_new(known: Certificate | None) -> None:
    if known is None:
        return
    if known.revoked_at is None:
        raise AlreadyExists(
            Text(f"该证书已登记为 {known.name}", f"the certificate is registered as {known.name}"),
            reason="CERTIFICATE_REGISTERED",
            metadata={"certificate": known.name},
        )
    raise FailedPrecondition(
        Text(
            "该证书已停用，不能再次登记，请换用新证书",
            "the certificate was revoked and counts never again; register another one",
        ),
        reason="CERTIFICATE_REVOKED",
        metadata={"certificate": known.name},
    )
