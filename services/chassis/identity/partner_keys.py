"""Partner keys, `blk_<id>_<secret>`: shown once, kept only as a keyed digest."""

import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from services.chassis.identity.identity import Grant, Principal, refused

_FORM = re.compile(r"blk_([0-9a-z]{4,40})_([0-9A-Za-z_-]{43})")
_NO_DIGEST = bytes(32)


@dataclass(frozen=True, slots=True)
class PartnerKey:
    """What is kept of a key: whose it is, the digest of its secret, until when it counts (None: open), the role of
    whoever holds it, and when it was last used.
    """

    key_id: str
    partner_id: str
    digest: bytes
    not_after: datetime | None = None
    role: str = "partner"
    last_used_at: datetime | None = None


def new_partner_key(pepper: bytes, key_id: str, partner_id: str) -> tuple[str, PartnerKey]:
    """A fresh key: the text for the partner, shown once, and the record to keep."""
    secret = secrets.token_urlsafe(32)
    return f"blk_{key_id}_{secret}", PartnerKey(key_id, partner_id, _digest(pepper, key_id, secret))


class PartnerKeys:
    """Verifies partner keys. `find` looks a record up by key id; None means no such key, or a revoked one. `used` hears
    of each key that was found right.
    """

    def __init__(
        self,
        pepper: bytes,
        find: Callable[[str], PartnerKey | None],
        used: Callable[[PartnerKey, datetime], None] = lambda _key, _now: None,
    ) -> None:
        self._pepper = pepper
        self._find = find
        self._used = used

    def authenticate(self, credential: str, now: datetime) -> Principal:
        """The partner. Raises Unauthenticated (KEY_INVALID), alike for a wrong, unknown or expired key."""
        match = _FORM.fullmatch(credential)
        key = self._find(match[1]) if match else None
        expected = key.digest if key else _NO_DIGEST
        given = _digest(self._pepper, match[1], match[2]) if match else _NO_DIGEST
        same = hmac.compare_digest(expected, given)
        if key is None or not same or (key.not_after is not None and now >= key.not_after):
            raise refused(
                "KEY_INVALID",
                "接口密钥无效或已过期；请核对，或请管理员另发一个",
                "the partner key is not valid or has expired; check it, or ask the administrator for another",
            )
        self._used(key, now)
        return Principal(key.partner_id, "partner", (Grant(key.role),))


def _digest(pepper: bytes, key_id: str, secret: str) -> bytes:
    return hmac.digest(pepper, f"partner-key:{key_id}:{secret}".encode(), sha256)
