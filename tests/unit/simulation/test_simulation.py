"""The cores hold in simulated time; and what would break them is found there."""

import logging
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from google.protobuf.message import Message
from sqlalchemy.orm import Session

from services.chassis.feed.feed import Feed
from services.chassis.log.log import Stored
from services.chassis.outbox.relay import Relay, _record
from services.chassis.request_log import RequestLog
from tests.simulation.runs import broken_runs, trace_of
from tests.simulation.store import Effects
from tests.simulation.world import Cores

R = TypeVar("R", bound=Message)


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    """What is meant to fail is not told."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


def test_nothing_is_lost_doubled_or_moved_whatever_fails() -> None:
    assert broken_runs(range(200), steps=12) == {}


def test_a_seed_is_one_course_of_events() -> None:
    assert trace_of(7) == trace_of(7) != trace_of(8)


class MarksFirst(Relay):
    """Marks as published what is not on the log yet."""

    def publish_batch(self) -> int:
        rows = self._waiting()
        if rows:
            self._mark(rows, {})
            self._log.append([_record(row) for row in rows])
        return len(rows)


class MovesOnFirst(Feed):
    """Commits how far it has read before it commits what it made of it."""

    def _apply(self, records: list[Stored], *, level: bool) -> None:  # type: ignore[override]  # broken on purpose
        if records:
            record = records[-1]
            with self._database.write() as session:
                self._offsets.advance(session, record.topic, self._positions[record.topic], record.offset + 1)
            self._positions[record.topic] = record.offset + 1
            with self._database.write() as session:
                self._offsets.advance(session, record.topic, record.offset + 1, records[0].offset)
            self._positions[record.topic] = records[0].offset
        super()._apply(records, level=level)


class TakesAnything(Effects):
    """Takes every state, whatever version it has."""

    def is_news(self, known: int | None, version: int) -> bool:
        return True


class Forgets(RequestLog):
    """Does what it is asked as often as it is asked."""

    def once(
        self,
        session: Session,
        caller: tuple[str, str],
        request_id: str,
        request: Message,
        answer_type: type[R],
        act: Callable[[], R],
    ) -> R:
        return act()


@pytest.mark.parametrize(
    "cores",
    [
        Cores(relay=MarksFirst),
        Cores(feed=MovesOnFirst),
        Cores(effects=TakesAnything),
        Cores(requests=Forgets),
    ],
    ids=["marks first", "moves on first", "takes anything", "forgets"],
)
def test_a_fault_in_a_core_is_found(cores: Cores) -> None:
    assert broken_runs(range(200), cores, enough=1)
