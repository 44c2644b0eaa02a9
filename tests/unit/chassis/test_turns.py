"""The threads of a server: work is done in turn, who gives up leaves, and a late loop gets room."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from threading import Event
from typing import Any

import pytest

from services.chassis.rpc.admission import Admission
from services.chassis.rpc.turns import Turns

SECONDS = 60.0


class Till:
    """One thread, which somebody keeps until `release`."""

    def __init__(self) -> None:
        self.turns = Turns(1, Admission(standing=0.0, wait=0.0))
        self.release, self.began = Event(), Event()
        self.done: list[int] = []

    def hold(self) -> str:
        """Keep the thread."""
        self.began.set()
        self.release.wait(SECONDS)
        return "held"

    async def held(self) -> "asyncio.Task[str]":
        """Once somebody has the thread."""
        task = asyncio.create_task(self.turns.run(self.hold))
        await asyncio.to_thread(self.began.wait, SECONDS)
        return task

    def ask(self, number: int) -> "asyncio.Task[None]":
        """Somebody who notes in `done` that it had its turn."""
        return asyncio.create_task(self.turns.run(lambda: self.done.append(number)))


def at_the_till(trial: Callable[[Till], Coroutine[Any, Any, None]]) -> None:
    """Run a trial on a loop of its own."""
    till = Till()
    with till.turns:
        try:
            asyncio.run(trial(till))
        finally:
            till.release.set()


def test_what_was_asked_is_done_in_turn_and_errors_come_back() -> None:
    async def trial(till: Till) -> None:
        held = await till.held()
        waiting = [till.ask(number) for number in range(3)]
        wrong = asyncio.create_task(till.turns.run(lambda: divmod(1, 0)))
        await asyncio.sleep(0)
        till.release.set()
        assert await held == "held"
        await asyncio.gather(*waiting)
        with pytest.raises(ZeroDivisionError):
            await wrong
        assert till.done == [0, 1, 2]
        assert till.turns.takes()

    at_the_till(trial)


def test_who_would_only_wait_is_not_taken_in() -> None:
    async def trial(till: Till) -> None:
        await till.held()
        till.ask(1)
        await asyncio.sleep(0.001)  # the clock is to move: who has waited for no time at all counts as nobody
        assert not till.turns.takes()

    at_the_till(trial)


def test_who_gives_up_leaves_the_queue_or_its_turn() -> None:
    async def trial(till: Till) -> None:
        held = await till.held()
        first, second, third = (till.ask(number) for number in range(3))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        till.release.set()
        await held
        # The turn has been given to the second, who does not know yet.
        second.cancel()
        await asyncio.gather(second, third, return_exceptions=True)
        assert till.done[-1] == 2
        assert await till.turns.run(lambda: "next") == "next"

    at_the_till(trial)


def test_who_gives_up_while_the_work_runs_keeps_the_thread_and_undoes_it() -> None:
    async def trial(till: Till) -> None:
        undone: list[str] = []

        def undo(outcome: "Future[str]") -> None:
            undone.append(outcome.result())

        running = asyncio.create_task(till.turns.run(till.hold, undo=undo))
        await asyncio.to_thread(till.began.wait, SECONDS)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        waiting = till.ask(1)
        await asyncio.sleep(0.01)  # time in which it could wrongly get the thread
        assert till.done == []
        till.release.set()
        await waiting
        assert undone == ["held"]

    at_the_till(trial)


def test_long_work_keeps_its_thread_and_no_turn() -> None:
    async def trial(till: Till) -> None:
        now = 0.0
        with Turns(2, Admission(), seconds=lambda: now) as turns:
            turns.at_once = 1
            held = asyncio.create_task(turns.run(till.hold))
            await asyncio.to_thread(till.began.wait, SECONDS)
            waiting = asyncio.create_task(turns.run(lambda: "one"))
            await asyncio.sleep(0.01)  # time in which it could wrongly get a turn
            assert waiting.cancel()
            now = 1.0
            await asyncio.gather(waiting, return_exceptions=True)
            assert await turns.run(lambda: "another") == "another"
            till.release.set()
            await held

    at_the_till(trial)


def compute(seconds: float) -> None:
    """Use the processor for so long."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_work_that_makes_the_loop_late_gets_fewer_turns_at_once_and_more_when_it_does_not() -> None:
    async def trial(_till: Till) -> None:
        # by the time of this process alone, which passes as fast whatever else the machine has to do
        with Turns(8, Admission(), seconds=time.process_time) as turns:
            watching = asyncio.create_task(turns.watch())
            async with asyncio.timeout(SECONDS):
                while turns.at_once > 2:
                    await turns.run(lambda: compute(0.05))
                    compute(0.02)  # keeps the loop, as threads that compute would
                while turns.at_once < 8:
                    await asyncio.sleep(0.02)
            watching.cancel()

    at_the_till(trial)


def test_what_else_makes_the_loop_late_costs_no_turns() -> None:
    async def trial(_till: Till) -> None:
        with Turns(8, Admission()) as turns:
            watching = asyncio.create_task(turns.watch())
            for _ in range(10):
                await turns.run(lambda: time.sleep(0.001))
                time.sleep(0.02)
            assert turns.at_once == 8
            watching.cancel()

    at_the_till(trial)


def test_a_loop_that_stands_still_turns_no_rush_away() -> None:
    async def trial(_till: Till) -> None:
        now = 0.0
        with Turns(2, Admission(), seconds=lambda: now) as turns:
            for _ in range(200):
                await turns.run(lambda: None)
            release = Event()
            keeping = [asyncio.create_task(turns.run(lambda: release.wait(SECONDS))) for _ in range(2)]
            rush = [asyncio.create_task(turns.run(lambda: None)) for _ in range(1_000)]
            await asyncio.sleep(0)
            now = 2.0
            release.set()
            await asyncio.gather(*keeping)
            assert turns.takes()
            await asyncio.gather(*rush)

    at_the_till(trial)
