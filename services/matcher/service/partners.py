"""Partners: their keys, and the pseudonyms under which they see people."""

import hmac
import secrets
from hashlib import sha256

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from services.chassis.db import Database
from services.chassis.partner_keys import PartnerKey, new_partner_key
from services.kernel.clock import Clock
from services.kernel.ids import Ids
from services.matcher.store.schema import partner, partner_key

_DIGITS = 24


def add_partner(session: Session, name: str, pepper: bytes, ids: Ids, clock: Clock) -> str:
    """Register a partner; the key, which is shown once and never kept."""
    partner_id, key_id = ids.new(), secrets.token_hex(8)
    row = {"id": partner_id, "name": name, "secret": secrets.token_bytes(32), "created_at": clock.now()}
    session.execute(insert(partner).values(row))
    text, kept = new_partner_key(pepper, key_id, partner_id)
    session.execute(
        insert(partner_key).values(
            key_id=kept.key_id, partner_id=partner_id, digest=kept.digest, not_after=kept.not_after
        )
    )
    return text


def find_key(database: Database, key_id: str) -> PartnerKey | None:
    """The record of a key."""
    with database.read() as session:
        row = session.execute(select(partner_key).where(partner_key.c.key_id == key_id)).one_or_none()
    return None if row is None else PartnerKey(row.key_id, row.partner_id, row.digest, row.not_after)


def secret_of(session: Session, partner_id: str) -> bytes:
    """What a partner's pseudonyms are made with."""
    secret: bytes = session.execute(select(partner.c.secret).where(partner.c.id == partner_id)).scalar_one()
    return secret


def pseudonym(secret: bytes, person_id: str) -> str:
    """The name of a person for one partner; two partners cannot link theirs."""
    return f"subjects/{hmac.digest(secret, person_id.encode(), sha256).hex()[:_DIGITS]}"
