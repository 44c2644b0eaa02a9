"""A database that takes nothing for a while, as on a full disk: endpoints are told once, and the log has all after."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from services.kernel.errors import Unavailable
from services.kernel.text import Text
from services.matcher.hub import Hub
from services.matcher.service.webhooks import delivering
from services.matcher.service.webhooks.delivering import Delivery
from services.matcher.service.webhooks.posting import Poster
from services.matcher.service.webhooks.turns import Tried, Turn, Turns
from tests.integration.matcher.test_webhooks import CONTEXT, LOOPBACK, RESOLVERS, Partner, told
from tests.storm.house import until

__all__ = ["told"]

SECONDS = 60.0
FULL = Unavailable(Text("磁盘已满", "the disk is full"), reason="DATABASE_FULL")


class Short:
    """Turns whose database takes nothing for the next few times, and once more takes it without saying so."""

    def __init__(self, turns: Turns, times: int) -> None:
        self._turns, self.left = turns, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._turns, name)

    def write(self, turn: Turn, tried: Sequence[Tried], position: int) -> None:
        self.left -= 1
        if self.left <= 0:
            self._turns.write(turn, tried, position)
        if self.left >= 0:
            raise FULL

    def expire(self) -> None:
        raise FULL


class Alone:
    """The lead, which nobody else wants."""

    def held(self) -> bool:
        return True

    def acquire(self, *, wait: bool = False) -> bool:
        return not wait

    def release(self) -> None:
        """Nobody waits for it."""


def test_what_cannot_be_written_down_yet_is_not_sent_again(
    told: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "_BACK_OFF_SECONDS", 0.01)
    short: Any = Short(told.turns, 5)
    hub, ended, events = Hub(), threading.Event(), [each.sequence for each in told.events()]
    hub.follow_database()
    delivery = Delivery(short, hub, Alone(), lambda: Poster(LOOPBACK, RESOLVERS, context=CONTEXT))
    failures: list[bool] = []
    loop = threading.Thread(target=delivery.rounds.run, args=(ended, lambda: failures.append(True)))
    loop.start()
    try:
        assert until(lambda: told.now().position >= events[-1], SECONDS)
    finally:
        ended.set()
        loop.join()
    assert short.left <= 0
    assert [int(each.said["data"]["sequence"]) for each in told.receiver.came] == events
    assert [each.sequence for each in told.log()] == events
    assert not failures
