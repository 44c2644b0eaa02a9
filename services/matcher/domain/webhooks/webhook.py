"""One webhook: what was stated of it, how far it has come, and which change may follow which."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.matcher.domain.webhooks.schedule import next_wait


class WebhookState(StrEnum):
    """Whether it is told anything."""

    ENABLED = "ENABLED"
    DISABLED = "DISABLED"


class DisableReason(StrEnum):
    """Why it is told nothing."""

    OWNER = "OWNER"
    GONE = "GONE"
    FAILING = "FAILING"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where messages go and which events are wanted: empty restrictions restrict nothing."""

    url: str
    title: str
    kinds: tuple[str, ...]
    anchor: str
    directions: tuple[str, ...]
    cities: tuple[str, ...]


@dataclass(eq=False, kw_only=True)
class Webhook:
    """`version` counts changes of what was stated; what is delivered leaves it alone.

    `position`: the last event looked at; `sent`: the last one that the endpoint took, 0 before the first.
    `secret`, `former_secret`: wrapped keys; the former one signs too until `former_until`. `failures` in a row since
    `failing_since`; nothing is tried before `next_at`.
    """

    id: str
    partner_id: str
    url: str
    title: str
    kinds: tuple[str, ...]
    anchor: str
    directions: tuple[str, ...]
    cities: tuple[str, ...]
    secret: bytes
    position: int
    created_at: datetime
    updated_at: datetime
    next_at: datetime
    state: WebhookState = WebhookState.ENABLED
    reason: DisableReason | None = None
    version: int = 1
    sent: int = 0
    former_secret: bytes | None = None
    former_until: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None

    @property
    def name(self) -> str:
        """The resource name."""
        return f"partners/{self.partner_id}/webhooks/{self.id}"

    @property
    def wanted(self) -> Wanted:
        """What is stated of it, besides its state."""
        return Wanted(self.url, self.title, self.kinds, self.anchor, self.directions, self.cities)

    def message_id(self, sequence: int, moment: int) -> str:
        """The id of the message about an event: the same in every attempt. `moment`: when it came, in milliseconds.

        After a restore another event has the same number, and an endpoint that drops what it knows must not drop it.
        """
        return f"msg_{self.id}_{sequence}_{moment}"

    def restate(self, wanted: Wanted, state: WebhookState, now: datetime) -> None:
        """Take over what its owner states. To enable it again is to try at once."""
        self.url, self.title, self.kinds = wanted.url, wanted.title, wanted.kinds
        self.anchor, self.directions, self.cities = wanted.anchor, wanted.directions, wanted.cities
        if state is not self.state:
            self.state = state
            self.reason = DisableReason.OWNER if state is WebhookState.DISABLED else None
            self._begin_again(now)
        self._stated(now)

    def rotate(self, wrapped: bytes, until: datetime, now: datetime) -> None:
        """Sign with a new secret, and until an instant with the present one too."""
        self.former_secret, self.former_until, self.secret = self.secret, until, wrapped
        self._stated(now)

    def secrets(self, now: datetime) -> list[bytes]:
        """The wrapped secrets that sign now, the newest first."""
        former = self.former_secret is not None and self.former_until is not None and now < self.former_until
        return [self.secret, *([self.former_secret] if former and self.former_secret else [])]

    def replay(self, after: int, now: datetime) -> None:
        """Go on after another event: a chain of its own begins there."""
        self.position, self.sent = after, 0
        self._begin_again(now)

    def advance(self, position: int, sent: int | None, now: datetime) -> None:
        """Events up to `position` are done with; `sent` is the last of them that the endpoint took, None for none."""
        self.position = position
        if sent is not None:
            self.sent = sent
            self._begin_again(now)

    def fail(self, now: datetime, jitter: float, asked: timedelta | None, *, gone: bool) -> datetime | None:
        """An attempt has failed; when to try again, or None where it is disabled for it."""
        self.failures += 1
        self.failing_since = self.failing_since or now
        wait = None if gone else next_wait(self.failures, jitter, asked)
        if wait is None:
            self.state = WebhookState.DISABLED
            self.reason = DisableReason.GONE if gone else DisableReason.FAILING
            self._stated(now)
            return None
        self.next_at = now + wait
        return self.next_at

    def _begin_again(self, now: datetime) -> None:
        self.failures, self.failing_since, self.next_at = 0, None, now

    def _stated(self, now: datetime) -> None:
        self.version += 1
        self.updated_at = now
