"""Partners: their keys, and the pseudonyms under which they see people."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlalchemy.orm import Session

from services.chassis.identity.partner_keys import PartnerKey, new_partner_key
from services.chassis.storage.db import Database
from services.kernel.clock import Clock
from services.kernel.errors import AlreadyExists, FailedPrecondition, InvalidArgument, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text
from services.matcher.domain.partners.partner import MOST_LIVE_KEYS, ROLES, Key, KeyState, Partner, Scope
from services.matcher.store.partners import partners

_DIGITS: Final = 24


@dataclass(frozen=True)
class Partners:
    """The use cases. `pepper`: what digests of keys are keyed with."""

    pepper: bytes
    ids: Ids
    clock: Clock

    def create(self, session: Session, title: str) -> Partner:
        """A new partner, without a key. Raises AlreadyExists (PARTNER_EXISTS)."""
        known = partners.titled(session, title)
        if known is not None:
            raise AlreadyExists(
                Text(f"“{title}”已登记为 {known.name}", f"{title!r} is registered already as {known.name}"),
                reason="PARTNER_EXISTS",
                metadata={"partner": known.name},
            )
        made = Partner(
            id=self.ids.new(), title=title, secret=secrets.token_bytes(32), created_at=self.clock.now()
        )
        session.add(made)
        return made

    def create_key(
        self, session: Session, partner_id: str, title: str, scope: Scope, until: datetime | None
    ) -> tuple[Key, str]:
        """A new key and its text, which is shown once and never kept.

        Raises NotFound, InvalidArgument (EXPIRED_ALREADY), FailedPrecondition (TWO_LIVE_KEYS).
        """
        if not partners.lock(session, partner_id):  # so that two at once are counted one after the other
            raise NotFound.resource(f"partners/{partner_id}")
        now = self.clock.now()
        if until is not None and until <= now:
            raise InvalidArgument.field(
                "expire_time", "EXPIRED_ALREADY", "到期时间应晚于现在", "it has to end after now"
            )
        live = [each for each in partners.keys(session, partner_id) if each.state(now) is KeyState.LIVE]
        if len(live) >= MOST_LIVE_KEYS:
            raise FailedPrecondition(
                Text(
                    f"已有 {MOST_LIVE_KEYS} 个有效密钥，请先停用一个",
                    f"{MOST_LIVE_KEYS} keys count already; revoke one first",
                ),
                reason="TWO_LIVE_KEYS",
                metadata={"keys": ", ".join(each.name for each in live)},
            )
        text, kept = new_partner_key(self.pepper, secrets.token_hex(8), partner_id)
        made = Key(
            key_id=kept.key_id,
            partner_id=partner_id,
            digest=kept.digest,
            title=title,
            scope=scope,
            created_at=now,
            not_after=until,
        )
        session.add(made)
        return made, text

    def revoke(self, session: Session, partner_id: str, key_id: str) -> Key:
        """Let a key count no more; a second time changes nothing. Raises NotFound."""
        found = partners.key(session, key_id, lock=True)
        if found is None or found.partner_id != partner_id:
            raise NotFound.resource(f"partners/{partner_id}/keys/{key_id}")
        found.revoke(self.clock.now())
        return found


def add_partner(session: Session, title: str, pepper: bytes, ids: Ids, clock: Clock) -> str:
    """Register a partner with one key for everything; the key, which is shown once and never kept.

    Raises AlreadyExists as `Partners.create`.
    """
    use = Partners(pepper, ids, clock)
    made = use.create(session, title)
    session.flush()
    return use.create_key(session, made.id, "", Scope.FULL, None)[1]


def find_key(database: Database, key_id: str) -> PartnerKey | None:
    """The record of a key; None for one that was revoked, too."""
    with database.read() as session:
        found = partners.key(session, key_id)
        if found is None or found.revoked_at is not None:
            return None
        role = ROLES[found.scope]
        return PartnerKey(
            found.key_id, found.partner_id, found.digest, found.not_after, role, found.last_used_at
        )


def secret_of(session: Session, partner_id: str) -> bytes:
    """What a partner's pseudonyms are made with. Raises NotFound."""
    found = partners.get(session, partner_id)
    if found is None:
        raise NotFound.resource(f"partners/{partner_id}")
    return found.secret


def pseudonym(secret: bytes, person_id: str) -> str:
    """The name of a person for one partner; two partners cannot link theirs."""
    return f"subjects/{hmac.digest(secret, person_id.encode(), sha256).hex()[:_DIGITS]}"
