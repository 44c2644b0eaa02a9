"""Loops that no error ends."""

import ast
import asyncio
import logging
import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.process import background
from services.chassis.process.background import Background, Daily, Over, Rounds, each_by_itself
from services.chassis.process.starting import beginning_when_current
from services.chassis.rpc.server import lasting
from services.chassis.storage.migration import SchemaVersions
from services.kernel.clock import ManualClock
from services.kernel.errors import Unavailable
from services.kernel.text import Text

SECONDS = 30.0
ERRORS: tuple[Exception, ...] = (
    Unavailable(Text("数据库不可用", "the database is away")),
    RuntimeError("a fault nobody thought of"),
    MemoryError(),
    KeyError("x"),
    AssertionError(),
)
ROOT = Path(background.__file__).parents[1]


class Work:
    """Raises one error after another, and then ends the loop."""

    def __init__(self, errors: Iterable[Exception]) -> None:
        self.errors, self.rounds = list(errors), 0

    def __call__(self, stop: threading.Event) -> None:
        self.rounds += 1
        raise self.errors.pop(0) if self.errors else Over


@given(st.lists(st.sampled_from(ERRORS), max_size=5))
def test_an_error_of_any_kind_is_counted_and_followed_by_another_round(errors: list[Exception]) -> None:
    work, ended, failed = Work(errors), list[str](), list[str]()
    rounds = Rounds(work, "failing", again=(0.0, 0.0), ending=lambda: ended.append("x"))
    rounds.run(threading.Event(), lambda: failed.append("x"))
    assert (work.rounds, len(failed), len(ended)) == (len(errors) + 1, len(errors), 1)


def test_what_is_away_is_a_warning_and_all_else_an_error(caplog: pytest.LogCaptureFixture) -> None:
    Rounds(Work(ERRORS[:2]), "what failed", again=(0.0, 0.0)).run(threading.Event())
    said = [(each.levelno, each.message, each.exc_info and each.exc_info[1]) for each in caplog.records]
    assert said == [(logging.WARNING, "what failed", ERRORS[0]), (logging.ERROR, "what failed", ERRORS[1])]


def test_a_failure_that_cannot_even_be_told_ends_nothing() -> None:
    def failed() -> None:
        raise MemoryError

    work = Work(ERRORS)
    Rounds(work, "failing", again=(0.0, 0.0), ending=failed).run(threading.Event(), failed)
    assert work.rounds == len(ERRORS) + 1


def test_pauses_after_failures_grow_and_begin_anew_after_a_round_that_did_not_fail() -> None:
    class Stop(threading.Event):
        def __init__(self) -> None:
            super().__init__()
            self.waits: list[float] = []

        def wait(self, timeout: float | None = None) -> bool:
            self.waits.append(timeout or 0.0)
            return self.is_set()

    outcomes: list[Exception | None] = [*ERRORS[:4], None, ERRORS[0], Over()]

    def work(_stop: threading.Event) -> None:
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome

    stop = Stop()
    Rounds(work, "failing", 7.0, 3.0, again=(1.0, 4.0)).run(stop)
    assert [each for each in stop.waits if each] == [3.0, 1.0, 2.0, 4.0, 4.0, 7.0, 1.0]


def test_a_loop_ends_soon_whether_it_waits_works_or_has_failed() -> None:
    wake = threading.Event()
    began = [threading.Event() for _ in range(4)]

    def fail(_stop: threading.Event) -> None:
        began[2].set()
        raise ERRORS[1]

    def work(stop: threading.Event) -> None:
        began[3].set()
        stop.wait()

    loops = [
        Background("waits", Rounds(lambda _stop: began[0].set(), "", 600.0)),
        Background("waits to be woken", Rounds(lambda _stop: began[1].set(), "", 600.0, wake=wake)),
        Background("has failed", Rounds(fail, "", again=(600.0, 600.0))),
        Background("works", Rounds(work, "")),
    ]
    for each in loops:
        each.start()
        each.start()  # is started already
    assert all(each.wait(SECONDS) for each in began)
    assert all(each.alive for each in loops)
    assert all(each.stop(SECONDS) for each in loops)


def test_who_is_woken_has_the_next_round_at_once() -> None:
    wake, rounds = threading.Event(), threading.Semaphore(0)
    loop = Background("woken", Rounds(lambda _stop: rounds.release(), "", 600.0, wake=wake))
    loop.start()
    for _ in range(3):
        assert rounds.acquire(timeout=SECONDS)
        wake.set()
    assert loop.stop(SECONDS)


@given(st.lists(st.sampled_from([None, *ERRORS[1:]]), max_size=6))
def test_what_is_raised_for_one_keeps_no_other_from_its_turn(outcomes: list[Exception | None]) -> None:
    turns = list[int]()

    def work(at: int) -> int:
        turns.append(at)
        if error := outcomes[at]:
            raise error
        return 2

    raised = [each for each in outcomes if each]
    if raised:
        with pytest.raises(type(raised[0])) as caught:
            each_by_itself(work, range(len(outcomes)))
        assert caught.value is raised[0]
    else:
        assert each_by_itself(work, range(len(outcomes))) == 2 * len(outcomes)
    assert turns == list(range(len(outcomes)))


def test_what_is_away_is_not_asked_for_every_one() -> None:
    turns = list[int]()

    def work(at: int) -> int:
        turns.append(at)
        raise ERRORS[0]

    with pytest.raises(Unavailable):
        each_by_itself(work, range(3))
    assert turns == [0]


def test_what_is_daily_is_done_again_after_an_error_on_a_new_day_and_when_it_may_be_done_again() -> None:
    clock, level, done = ManualClock(datetime(2026, 3, 1, 1, tzinfo=UTC)), threading.Event(), list[int]()
    outcomes = [ERRORS[1], None, None, None]

    def work() -> int:
        if error := outcomes.pop(0):
            raise error
        done.append(1)
        return 5

    daily = Daily(work, clock, level)
    assert (daily.look(), done) == (0, [])
    level.set()
    with pytest.raises(RuntimeError):
        daily.look()
    assert [daily.look(), daily.look()] == [5, 0]
    clock.advance(timedelta(days=1))
    assert [daily.look(), daily.look()] == [5, 0]
    level.clear()
    assert daily.look() == 0
    level.set()
    assert [daily.look(), daily.look()] == [5, 0]
    assert len(done) == 3


def test_a_beginning_that_fails_is_begun_again() -> None:
    current = SchemaVersions("1", "1")
    versions: list[SchemaVersions | Exception] = [
        ERRORS[0],
        ERRORS[1],
        SchemaVersions(None, "1"),
        current,
        current,
    ]
    starts = [ERRORS[2], None]

    def look() -> SchemaVersions:
        seen = versions.pop(0)
        if isinstance(seen, Exception):
            raise seen
        return seen

    def start() -> None:
        if error := starts.pop(0):
            raise error

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            return self.is_set()

    beginning_when_current(look, start).run(Stop())
    assert (versions, starts) == ([], [])


def test_a_watch_over_the_server_begins_anew_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.chassis.rpc.server._WATCH_AGAIN_SECONDS", 0.0)
    left = list(ERRORS)

    async def watch() -> None:
        if left:
            raise left.pop(0)

    asyncio.run(lasting(watch))
    assert left == []


def loops_by_hand(source: str) -> list[int]:
    """The lines of loops that go round until an event is set; the frame owns those."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.While)
        and isinstance(node.test, ast.UnaryOp)
        and isinstance(node.test.op, ast.Not)
        and isinstance(node.test.operand, ast.Call)
        and isinstance(node.test.operand.func, ast.Attribute)
        and node.test.operand.func.attr in {"is_set", "wait"}
    ]


@pytest.mark.parametrize(
    "loop", ["while not stop.is_set():\n    pass", "while not self.stop.wait(5):\n    pass"]
)
def test_a_loop_by_hand_is_seen(loop: str) -> None:
    assert loops_by_hand(loop)


def test_no_service_has_a_loop_of_its_own_making() -> None:
    """The command line may: its loops end with the command, and whoever gave it sees the error."""
    others = [path for path in ROOT.rglob("*.py") if not path.is_relative_to(ROOT / "cli")]
    others.remove(Path(background.__file__))
    found = {str(path): lines for path in others if (lines := loops_by_hand(path.read_text()))}
    assert found == {}
