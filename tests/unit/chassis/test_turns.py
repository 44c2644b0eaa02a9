"""The queue of a server's threads: a rush is taken in, a queue that stands is not added to."""

from collections.abc import Iterator
from threading import Event

import pytest

from services.chassis.rpc.turns import Turns
from services.kernel.errors import ResourceExhausted

SECONDS = 60.0


class Till:
    """A pool of one thread, which somebody keeps until `release`, and its clock."""

    def __init__(self) -> None:
        self.now = 0.0
        self.release = Event()
        self.turns = Turns(1, standing=5.0, wait=0.25, seconds=lambda: self.now)
        self._began = Event()
        self.turns.submit(self._hold)
        assert self._began.wait(SECONDS)

    def _hold(self) -> None:
        self._began.set()
        self.release.wait(SECONDS)

    def admits(self, at: float) -> bool:
        """Whether a call is taken in at an instant."""
        self.now = at
        try:
            self.turns.admit()
        except ResourceExhausted:
            return False
        return True


@pytest.fixture
def till() -> Iterator[Till]:
    made = Till()
    yield made
    made.release.set()
    made.turns.shutdown()


def test_a_rush_is_taken_in_whole(till: Till) -> None:
    for number in range(1000):
        assert till.admits(number / 250)
        till.turns.submit(int)


def test_a_queue_that_stands_takes_nobody_until_it_has_been_empty(till: Till) -> None:
    waiting = [till.turns.submit(int) for _ in range(2)]
    assert [till.admits(at) for at in (0.2, 4.9, 5.1, 60.0)] == [True, True, False, False]
    late = till.turns.submit(int)
    assert waiting[0].cancel()
    assert waiting[1].cancel()
    assert till.admits(60.2)
    assert not till.admits(60.3)
    assert late.cancel()
    assert till.admits(60.4)
    till.turns.submit(int)
    assert till.admits(65.0)


def test_who_is_turned_away_hears_when_to_come_back(till: Till) -> None:
    till.turns.submit(int)
    assert till.admits(1.0)
    till.now = 60.0
    with pytest.raises(ResourceExhausted) as caught:
        till.turns.admit()
    assert caught.value.reason == "OVERLOADED"
    assert int(caught.value.metadata["retry_after_ms"]) > 0


def test_what_was_asked_is_done_in_turn_and_errors_come_back(till: Till) -> None:
    done = [till.turns.submit(divmod, number, 1) for number in range(3)]
    wrong = till.turns.submit(divmod, 1, 0)
    till.release.set()
    assert [each.result(SECONDS)[0] for each in done] == [0, 1, 2]
    with pytest.raises(ZeroDivisionError):
        wrong.result(SECONDS)
    assert till.admits(1000.0)
