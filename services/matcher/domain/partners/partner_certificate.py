"""Client certificates of partners: what one opens, and until when it counts."""

from dataclasses import dataclass
from datetime import datetime

from services.matcher.domain.partners.partner import KeyState, Scope


@dataclass(eq=False, kw_only=True)
class Certificate:
    """`fingerprint`: SHA-256 of its DER in hexadecimal; `subject`, `issuer`, `not_before` and `not_after`: what it says
    of itself.
    """

    id: str
    partner_id: str
    fingerprint: str
    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime
    title: str
    scope: Scope
    created_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    @property
    def name(self) -> str:
        """The resource name."""
        return f"partners/{self.partner_id}/certificates/{self.id}"

    def state(self, now: datetime) -> KeyState:
        """Whether it counts at an instant."""
        if self.revoked_at is not None:
            return KeyState.REVOKED
        return KeyState.EXPIRED if now >= self.not_after else KeyState.LIVE

    def revoke(self, now: datetime) -> None:
        """Let it count no more; the first time stands."""
        self.revoked_at = self.revoked_at or now
