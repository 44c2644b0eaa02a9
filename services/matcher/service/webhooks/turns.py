"""One endpoint's turn: read what is for it, send it in its order until one is not taken, keep how far that went.

What was taken and how far that is are one transaction with the lines of the log. A process that dies in between leaves
events that are sent again, under the same ids, and none that is not sent.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from services.catalogue.succession import Shares
from services.chassis.fail_points import reach
from services.chassis.house import House
from services.chassis.sealing import KeyRing
from services.matcher.domain.partners.subscription import partners_subscription
from services.matcher.domain.webhooks.attempt import Answer, Attempt, Cause
from services.matcher.domain.webhooks.webhook import Webhook, WebhookState
from services.matcher.service.partners.partners import secret_of
from services.matcher.service.telling import moment
from services.matcher.service.webhooks.messages import event_body, signed
from services.matcher.service.webhooks.posting import Poster
from services.matcher.store import matches
from services.matcher.store.partners import webhooks

KEPT: Final = timedelta(days=30)
"""How long lines of the log are kept."""
_PAGE: Final = 500
_TURN_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Turn:
    """The webhook as it was read, what its pseudonyms are made with, how far was looked, and what is for it."""

    webhook: Webhook
    secret: bytes
    scanned: int
    wanted: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Tried:
    """One message sent, and what came of it."""

    attempt: Attempt
    answer: Answer


class Turns:
    """`former`: what stands today for directions of earlier catalogues; `jitter`: a fresh number from 0 to 1."""

    def __init__(
        self, house: House, ring: KeyRing, former: Mapping[str, Shares], jitter: Callable[[], float]
    ) -> None:
        self._house = house
        self._ring = ring
        self._former = former
        self._jitter = jitter

    def due(self) -> tuple[int, Sequence[str]]:
        """The last event there is, and the ids of the webhooks whose turn it is."""
        with self._house.database.read() as session:
            last = matches.mark(session).last
            return last, webhooks.due(session, last, self._house.clock.now())

    def read(self, id_: str) -> Turn | None:
        """What the next turn of a webhook is about; None if it is told nothing now."""
        with self._house.database.read() as session:
            found = webhooks.by_id(session, id_)
            if (
                found is None
                or found.state is not WebhookState.ENABLED
                or found.next_at > self._house.clock.now()
            ):
                return None
            rows = matches.events_after(session, found.position, _PAGE)
            secret = secret_of(session, found.partner_id)
            session.expunge(found)
        if not rows:
            return None
        subscription = partners_subscription(
            found.kinds, found.anchor, found.directions, found.cities, self._former
        )
        wanted = [row for row in rows if subscription.wants(row)]
        return Turn(found, secret, rows[-1].sequence, wanted)

    async def send(self, turn: Turn, poster: Poster) -> tuple[list[Tried], int]:
        """Send in order until one is not taken or the turn is over; what was tried, and how far everything is done."""
        of, until = turn.webhook, time.monotonic() + _TURN_SECONDS
        previous, position = of.sent, of.position
        tried: list[Tried] = []
        for row in turn.wanted:
            if tried and time.monotonic() > until:
                return tried, position
            number = 1 if tried else of.failures + 1
            tried.append(await self.attempt(turn, row, previous, number, Cause.EVENT, poster))
            if not tried[-1].answer.taken:
                return tried, position
            previous = position = row.sequence
        return tried, turn.scanned

    async def attempt(
        self, turn: Turn, row: Any, previous: int, number: int, cause: Cause, poster: Poster
    ) -> Tried:
        """Send one event."""
        of, now = turn.webhook, self._house.clock.now()
        message_id = of.message_id(row.sequence, moment(row))
        body = event_body(row, previous, turn.secret)
        answer = await poster.post(of.url, signed(of, message_id, body, self._ring, now))
        self._house.metrics.webhook_attempts.labels(answer.outcome.value).inc()
        return Tried(
            Attempt(
                id=self._house.ids.new(),
                webhook_id=of.id,
                cause=cause,
                message_id=message_id,
                sequence=row.sequence,
                previous=previous,
                number=number,
                at=now,
                **told_of(answer),
            ),
            answer,
        )

    def write(self, turn: Turn, tried: Sequence[Tried], position: int) -> None:
        """Keep what was tried and how far the webhook has come. What somebody did to it meanwhile stands."""
        now = self._house.clock.now()
        with self._house.database.write() as session:
            fresh = webhooks.by_id(session, turn.webhook.id, lock=True)
            if fresh is None:
                return
            if tried and webhooks.knows(session, tried[0].attempt.id):
                return  # it was written, though the database could not say so
            session.add_all([each.attempt for each in tried])
            if (fresh.position, fresh.sent) != (turn.webhook.position, turn.webhook.sent):
                return
            taken = [each.attempt.sequence for each in tried if each.answer.taken]
            fresh.advance(position, taken[-1] if taken else None, now)
            if tried and not tried[-1].answer.taken and fresh.state is WebhookState.ENABLED:
                answer = tried[-1].answer
                tried[-1].attempt.next_at = fresh.fail(now, self._jitter(), answer.asked, gone=answer.gone)
            reach("webhook.before_commit")

    def expire(self) -> None:
        """Delete lines of the log that are kept no longer."""
        with self._house.database.write() as session:
            webhooks.expire(session, self._house.clock.now() - KEPT)


def told_of(answer: Answer) -> dict[str, Any]:
    """An answer as the log has it."""
    return {
        "outcome": answer.outcome,
        "status": answer.status,
        "latency_ms": answer.latency_ms,
        "excerpt": answer.excerpt,
        "reason_zh": answer.reason.zh,
        "reason_en": answer.reason.en,
    }
