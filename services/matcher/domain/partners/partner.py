"""Partners and their keys: what a key opens, and until when it counts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

MOST_LIVE_KEYS: Final = 2
"""So that a partner can change over from one to the next."""


class Scope(StrEnum):
    """What a key opens."""

    FULL = "FULL"
    EVENTS = "EVENTS"


class KeyState(StrEnum):
    """Whether a key counts."""

    LIVE = "LIVE"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


ROLES: Final = {Scope.FULL: "partner", Scope.EVENTS: "partner_reader"}
"""The role that the holder of a key has."""


@dataclass(eq=False, kw_only=True)
class Partner:
    """`secret`: what its pseudonyms are made with."""

    id: str
    title: str
    secret: bytes
    created_at: datetime

    @property
    def name(self) -> str:
        """The resource name."""
        return f"partners/{self.id}"


@dataclass(eq=False, kw_only=True)
class Key:
    """`digest`: of the key, keyed; `not_after`: the end of its time, None for none."""

    key_id: str
    partner_id: str
    digest: bytes
    title: str
    scope: Scope
    created_at: datetime
    not_after: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    @property
    def name(self) -> str:
        """The resource name."""
        return f"partners/{self.partner_id}/keys/{self.key_id}"

    def state(self, now: datetime) -> KeyState:
        """Whether it counts at an instant."""
        if self.revoked_at is not None:
            return KeyState.REVOKED
        over = self.not_after is not None and now >= self.not_after
        return KeyState.EXPIRED if over else KeyState.LIVE

    def revoke(self, now: datetime) -> None:
        """Let it count no more; the first time stands."""
        self.revoked_at = self.revoked_at or now
