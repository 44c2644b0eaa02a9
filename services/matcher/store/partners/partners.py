"""Partners and their keys."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, not_, or_, select, update
from sqlalchemy.orm import Session

from services.chassis.filtering import OrderTerm, Schema
from services.chassis.storage.listing import Listing
from services.matcher.domain.partners.partner import Key, Partner
from services.matcher.domain.webhooks.webhook import DisableReason, WebhookState
from services.matcher.store.partners.certificates import standing
from services.matcher.store.partners.webhook_schema import webhook
from services.matcher.store.schema import partner, partner_key


class Counts(NamedTuple):
    """What a partner has."""

    live_keys: int
    live_certificates: int
    webhooks: int
    stopped: int
    failing: int
    last_used_at: datetime | None


def get(session: Session, id_: str) -> Partner | None:
    """One partner, or None."""
    return session.get(Partner, id_)


def lock(session: Session, id_: str) -> bool:
    """Whether there is a partner; until the transaction ends nobody else locks it."""
    found = select(partner.c.id).where(partner.c.id == id_).with_for_update()
    return session.execute(found).first() is not None


def titled(session: Session, title: str) -> Partner | None:
    """The partner of a title, or None; the first, should there be several."""
    query = select(Partner).where(partner.c.name == title).order_by(partner.c.id).limit(1)
    return session.scalars(query).one_or_none()


def key(session: Session, key_id: str, *, lock: bool = False) -> Key | None:
    """A key, or None; with `lock` nobody else changes it until the transaction ends."""
    return session.get(Key, key_id, with_for_update=lock or None, populate_existing=lock)


def keys(session: Session, partner_id: str) -> Sequence[Key]:
    """All keys of a partner."""
    return session.scalars(select(Key).where(partner_key.c.partner_id == partner_id)).all()


def revoked(session: Session) -> Sequence[Key]:
    """All keys that were revoked."""
    return session.scalars(select(Key).where(partner_key.c.revoked_at.is_not(None))).all()


def put_uses(session: Session, used: Mapping[str, datetime]) -> None:
    """When keys were last used; an earlier instant changes nothing."""
    table = partner_key
    for key_id, at in used.items():
        older = or_(table.c.last_used_at.is_(None), table.c.last_used_at < at)
        session.execute(update(table).where(table.c.key_id == key_id, older).values(last_used_at=at))


def counts(session: Session, id_: str, now: datetime) -> Counts:
    """What a partner has now."""
    table, mine = partner_key.c, partner_key.c.partner_id == id_
    counting = table.revoked_at.is_(None) & or_(table.not_after.is_(None), table.not_after > now)
    live = session.execute(select(func.count()).select_from(partner_key).where(mine, counting)).scalar_one()
    hook = webhook.c
    enabled = hook.state == WebhookState.ENABLED
    hooks = select(
        func.count(),
        func.count().filter(not_(enabled), hook.reason != DisableReason.OWNER),
        func.count().filter(enabled, hook.failures > 0),
    ).where(hook.partner_id == id_)
    used = select(table.last_used_at).where(mine, table.last_used_at.is_not(None))
    last = session.scalars(used.order_by(table.last_used_at.desc()).limit(1)).one_or_none()
    certificates, shown = standing(session, id_, now)
    last = max((each for each in (last, shown) if each is not None), default=None)
    return Counts(live, certificates, *session.execute(hooks).one(), last)


def keys_of(partner_id: str) -> ColumnElement[bool]:
    """Keys of one partner."""
    return partner_key.c.partner_id == partner_id


def listing() -> Listing:
    """Partners: ListPartners, the oldest first."""
    return Listing("ListPartners", Schema.of(), {}, {}, partner.c.id)


def key_listing() -> Listing:
    """Keys: ListPartnerKeys, the newest first."""
    return Listing(
        "ListPartnerKeys",
        Schema.of(),
        {},
        {"create_time": partner_key.c.created_at},
        partner_key.c.key_id,
        default_order=(OrderTerm("create_time", descending=True),),
    )
