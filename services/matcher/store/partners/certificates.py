"""Client certificates of partners."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from services.chassis.filtering import OrderTerm, Schema
from services.chassis.storage.listing import Listing
from services.matcher.domain.partners.partner_certificate import Certificate
from services.matcher.store.partners.certificate_schema import partner_certificate as table


def get(session: Session, id_: str, *, lock: bool = False) -> Certificate | None:
    """A certificate, or None; with `lock` nobody else changes it until the transaction ends."""
    return session.get(Certificate, id_, with_for_update=lock or None, populate_existing=lock)


def shown(session: Session, fingerprint: str) -> Certificate | None:
    """The certificate of a fingerprint, or None."""
    return session.scalars(select(Certificate).where(table.c.fingerprint == fingerprint)).one_or_none()


def of(session: Session, partner_id: str) -> Sequence[Certificate]:
    """All certificates of a partner."""
    return session.scalars(select(Certificate).where(of_partner(partner_id))).all()


def revoked(session: Session) -> Sequence[Certificate]:
    """All certificates that were revoked."""
    return session.scalars(select(Certificate).where(table.c.revoked_at.is_not(None))).all()


def put_uses(session: Session, used: Mapping[str, datetime]) -> None:
    """When certificates were last used; an earlier instant changes nothing."""
    for id_, at in used.items():
        older = or_(table.c.last_used_at.is_(None), table.c.last_used_at < at)
        session.execute(update(table).where(table.c.id == id_, older).values(last_used_at=at))


def standing(session: Session, partner_id: str, now: datetime) -> tuple[int, datetime | None]:
    """How many of a partner's count now, and when one of them was last used."""
    counting = table.c.revoked_at.is_(None) & (table.c.not_after > now)
    live = select(func.count()).select_from(table).where(of_partner(partner_id), counting)
    used = select(table.c.last_used_at).where(of_partner(partner_id), table.c.last_used_at.is_not(None))
    last = session.scalars(used.order_by(table.c.last_used_at.desc()).limit(1)).one_or_none()
    return session.execute(live).scalar_one(), last


def of_partner(partner_id: str) -> ColumnElement[bool]:
    """Certificates of one partner."""
    return table.c.partner_id == partner_id


def listing() -> Listing:
    """ListPartnerCertificates, the newest first."""
    return Listing(
        "ListPartnerCertificates",
        Schema.of(),
        {},
        {"create_time": table.c.created_at},
        table.c.id,
        default_order=(OrderTerm("create_time", descending=True),),
    )
