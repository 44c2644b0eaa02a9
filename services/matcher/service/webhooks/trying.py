"""Messages that somebody wants sent now: a test, and an event once more. They leave what is due alone."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from services.chassis.house import House
from services.chassis.sealing import KeyRing
from services.kernel.errors import FailedPrecondition, ResourceExhausted
from services.kernel.text import Text
from services.matcher.domain.webhooks.attempt import Attempt, Cause
from services.matcher.domain.webhooks.webhook import Webhook
from services.matcher.service.partners.partners import secret_of
from services.matcher.service.webhooks.messages import signed, trial_body
from services.matcher.service.webhooks.posting import Poster
from services.matcher.service.webhooks.turns import Turn, Turns, told_of
from services.matcher.store import matches
from services.matcher.store.partners import webhooks

AT_ONCE: Final = 4
"""Messages on their way in one process: each holds a thread that answers calls."""


class Turnstile:
    """One message at a time for each partner, and `AT_ONCE` in all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy: set[str] = set()

    @contextmanager
    def passing(self, partner_id: str) -> Iterator[None]:
        """Raise ResourceExhausted (TRIAL_ON_ITS_WAY) instead of waiting."""
        with self._lock:
            full = partner_id in self._busy or len(self._busy) >= AT_ONCE
            if not full:
                self._busy.add(partner_id)
        if full:
            raise ResourceExhausted(
                Text(
                    "还有一条消息正在发送，请稍候再试", "another message is on its way; try again in a moment"
                ),
                reason="TRIAL_ON_ITS_WAY",
            )
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(partner_id)


@dataclass(frozen=True)
class Trying:
    """The use cases; no transaction is open while something is on its way. Both raise as `Turnstile.passing`."""

    house: House
    ring: KeyRing
    turns: Turns
    poster: Callable[[], Poster]
    turnstile: Turnstile = field(default_factory=Turnstile)

    def test(self, of: Webhook) -> Attempt:
        """Send a test; the line of the log."""
        id_, now = self.house.ids.new(), self.house.clock.now()
        message_id = f"msg_{of.id}_test_{id_}"
        message = signed(of, message_id, trial_body(of, now), self.ring, now)

        async def send() -> Attempt:
            async with self.poster() as poster:
                answer = await poster.post(of.url, message)
            return Attempt(
                id=id_,
                webhook_id=of.id,
                cause=Cause.TEST,
                message_id=message_id,
                sequence=0,
                previous=0,
                number=1,
                at=now,
                **told_of(answer),
            )

        with self.turnstile.passing(of.partner_id):
            return self._kept(asyncio.run(send()))

    def again(self, of: Webhook, before: Attempt) -> Attempt:
        """Send the event of a line again; the new line. Raises FailedPrecondition (NOT_AN_EVENT)."""
        with self.house.database.read() as session:
            rows = matches.events_after(session, before.sequence - 1, 1) if before.sequence else []
            if not rows or rows[0].sequence != before.sequence:
                raise FailedPrecondition(
                    Text("这次投递不是事件，不能重发", "that attempt was about no event that is kept"),
                    reason="NOT_AN_EVENT",
                )
            number = webhooks.redeliveries_of(session, of.id, before.sequence) + 1
            turn = Turn(of, secret_of(session, of.partner_id), of.position, rows)

        async def send() -> Attempt:
            async with self.poster() as poster:
                tried = await self.turns.attempt(
                    turn, rows[0], before.previous, number, Cause.REDELIVERY, poster
                )
            return tried.attempt

        with self.turnstile.passing(of.partner_id):
            return self._kept(asyncio.run(send()))

    def _kept(self, attempt: Attempt) -> Attempt:
        with self.house.database.write() as session:
            if webhooks.by_id(session, attempt.webhook_id) is not None:
                session.add(attempt)
                session.flush()
                session.expunge(attempt)
        return attempt
