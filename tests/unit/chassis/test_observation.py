"""What a service says of its progress: what waits, since when, what it has read, and what has stopped."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from services.chassis.outbox.relay import Backlog
from services.chassis.process.observation import Observation
from services.chassis.process.progress import Progress
from services.chassis.rpc.wire import instant_from_wire
from services.chassis.telemetry.metrics import Metrics

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
ENDS = {"a.v1": 40, "b.v1": 7}


class Database:
    """Hands out sessions that nobody uses."""

    @contextmanager
    def read(self) -> Any:
        """One."""
        yield None


def feed(name: str, dead: int, stopped: str | None, **positions: int) -> Any:
    at = {f"{topic}.v1": offset for topic, offset in positions.items()}
    letters = SimpleNamespace(count=lambda _session: dead)
    return SimpleNamespace(
        name=name, topics=tuple(at), position=at.__getitem__, dead_letters=letters, stopped_reason=stopped
    )


def looked(backlog: Backlog, stopped: str | None, *feeds: Any) -> Progress:
    progress, observed = Progress(), list[bool]()
    house = SimpleNamespace(
        metrics=Metrics("talent"),
        database=Database(),
        log=SimpleNamespace(end=ENDS.__getitem__),
        clock=SimpleNamespace(now=lambda: NOW),
        progress=progress,
    )
    relay = SimpleNamespace(backlog=lambda: backlog, stopped_reason=stopped)
    assembly = SimpleNamespace(feeds=feeds, observe=lambda: observed.append(True))
    Observation(cast(Any, house), cast(Any, relay), cast(Any, assembly)).look()
    assert observed == [True]
    return progress


def test_before_anything_was_looked_at_nothing_is_said() -> None:
    assert not Progress().read().HasField("observe_time")


def test_what_waits_and_what_has_stopped_is_told() -> None:
    since = NOW - timedelta(hours=1)
    feeds = feed("hires", 2, "too many", a=30), feed("returns", 1, None, a=40, b=9)
    found = looked(Backlog(3, since), "two logs", *feeds).read()
    assert (found.untold_count, instant_from_wire(found.untold_time)) == (3, since)
    assert [(each.feed, each.topic, each.next_offset, each.waiting_count) for each in found.readings] == [
        ("hires", "a.v1", 30, 10),
        ("returns", "a.v1", 40, 0),
        ("returns", "b.v1", 9, 0),
    ]
    assert (found.dead_letter_count, list(found.stopped)) == (3, ["relay", "hires"])
    assert instant_from_wire(found.observe_time) == NOW


def test_a_service_that_reads_nothing_and_has_told_everything_says_so() -> None:
    found = looked(Backlog(0, None), None).read()
    assert not found.HasField("untold_time")
    assert (found.untold_count, len(found.readings), len(found.stopped)) == (0, 0, 0)


def test_who_reads_it_gets_a_message_of_their_own() -> None:
    progress = looked(Backlog(1, NOW), None)
    progress.read().Clear()
    assert progress.read().untold_count == 1
