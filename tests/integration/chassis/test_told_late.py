"""What is told by a relay whose database was put back under it, or that lost the lead while it stood still."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from services.chassis.log.log import Log, Record
from services.chassis.outbox.outbox import Outbox
from services.chassis.outbox.relay import Relay
from services.kernel.errors import OutOfRange
from tests.integration.chassis.effects import OUTBOX
from tests.integration.chassis.trials import Trial, end, put_back, rows


def test_a_database_put_back_under_a_running_relay_tells_nothing_more(trial: Trial) -> None:
    """It writes on at once: what it tells then must not hide what it no longer knows."""
    trial.put(1)
    trial.publish()
    kept = rows(trial.database)
    relay = trial.relay()
    trial.put(2)
    relay.publish_batch()
    put_back(trial.database, kept)
    trial.put(3)
    with pytest.raises(OutOfRange) as caught:
        relay.publish_batch()
    assert caught.value.reason == "LOG_AHEAD"
    assert trial.log.end(trial.topic) == 2
    relay.run(threading.Event())
    assert "earlier moment" in str(relay.stopped_reason)


def test_a_relay_that_lost_its_lock_compares_before_it_tells_more(trial: Trial) -> None:
    trial.put(1)
    trial.publish()
    lock = Lent()
    relay = Relay(trial.database, OUTBOX, trial.log, lock, trial.clock, places=trial.places())
    trial.put(2)
    relay.publish_batch()
    relay.publish_batch()
    trial.append(trial.event("b", 7))
    lock.lost = True
    trial.put(3)
    with pytest.raises(OutOfRange):
        relay.publish_batch()
    assert trial.log.end(trial.topic) == 3


def test_what_a_relay_that_was_halted_tells_late_is_followed_by_what_is_newer(trial: Trial) -> None:
    """It stood still between reading and sending, for longer than it kept the lead: the last word must be the last."""
    trial.put(1)
    trial.publish()
    halted, leading = Halting(trial.log), trial.relay()
    late = Relay(trial.database, OUTBOX, halted, Lent(), trial.clock, places=trial.places())
    trial.put(2)

    def meanwhile() -> None:
        leading.publish_batch()
        trial.put(3)
        leading.publish_batch()
        assert versions(trial) == [1, 2, 3]

    halted.meanwhile = meanwhile
    late.publish_batch()
    assert versions(trial) == [1, 2, 3, 2]
    trial.clock.advance(timedelta(seconds=61))
    while leading.publish_batch():
        pass
    assert versions(trial) == [1, 2, 3, 2, 3]
    trial.clock.advance(timedelta(seconds=61))
    assert leading.publish_batch() == 0
    end(leading)


def test_it_is_followed_too_where_the_late_one_died_and_others_were_told_since(trial: Trial) -> None:
    trial.put(1, 2, 3)
    trial.publish()
    leading = trial.relay()
    leading.publish_batch()
    trial.append(trial.event("a", 2))
    with trial.database.write() as session:
        Outbox(OUTBOX).put_all(session, [trial.event("b", 1)])
    while leading.publish_batch():
        pass
    assert [each.headers["ce_sequence"] for each in trial.log.read(trial.topic, 3, 9)] == ["2", "1", "3"]
    end(leading)


@dataclass
class Lent:
    """A lock that whoever asks gets, and that was lost meanwhile if somebody says so."""

    lost: bool = False

    def acquire(self, *, wait: bool = False) -> bool:
        self.lost = False
        return not wait

    def held(self) -> bool:
        return not self.lost

    def release(self) -> None:
        self.lost = True


class Halting:
    """A log before whose next append something else happens."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.meanwhile: Callable[[], None] = lambda: None

    def append(self, records: Sequence[Record]) -> Mapping[str, int]:
        self.meanwhile()
        return self._log.append(records)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)


def versions(trial: Trial) -> list[int]:
    """Of the events on the log, in order."""
    return [int(each.headers["ce_sequence"]) for each in trial.log.read(trial.topic, 0, 99)]
