import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from services.chassis.feed.feed import Feed, FeedStopped
from services.chassis.feed.received import Handler, Received, TooMuch
from services.chassis.log.cloudevents import OutgoingEvent, make_headers
from services.chassis.log.log import Record, TopicPolicy
from services.chassis.log.sql_log import SqlLog
from services.chassis.storage.db import Database, open_engine
from services.kernel.clock import ManualClock
from services.kernel.errors import Aborted, OutOfRange, Unavailable
from services.kernel.text import Text
from tests.integration.chassis.effects import FEED_TABLES, METADATA, TOPIC, Effects, effects, event

OTHER = "bole.others.v1"
MakeFeed = Callable[..., Feed]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqlLog]:
    log = SqlLog(tmp_path / "log.db")
    log.ensure_topics({TOPIC: TopicPolicy.COMPACT, OTHER: TopicPolicy.COMPACT})
    yield log
    log.close()


@pytest.fixture
def make(database: Database, log: SqlLog, clock: ManualClock) -> MakeFeed:
    METADATA.create_all(database.engine)

    def make(handler: Handler | None = None, topics: Sequence[str] = (TOPIC,)) -> Feed:
        return Feed("test", database, log, topics, handler or Effects(), clock, tables=FEED_TABLES)

    return make


def append(log: SqlLog, *events: OutgoingEvent) -> None:
    log.append([Record(e.topic, e.aggregateid, e.payload, make_headers(e)) for e in events])


def drain(feed: Feed) -> None:
    while feed.lag():
        feed.step()


def test_every_event_takes_effect_once_and_in_order(log: SqlLog, make: MakeFeed, database: Database) -> None:
    append(log, event("a", 1), event("b", 1), event("a", 2))
    feed = make()
    assert feed.lag() == 3
    drain(feed)
    append(log, event("a", 2), event("a", 1), event("b", 2))
    drain(make())
    assert effects(database) == [("a", 1), ("b", 1), ("a", 2), ("b", 2)]
    assert feed.position(TOPIC) == 3


def test_finish_hears_when_nothing_more_waits(log: SqlLog, make: MakeFeed) -> None:
    handler = Effects()
    feed = make(handler)
    feed.step()
    append(log, *(event("a", n) for n in range(1, 601)))
    drain(feed)
    first, *between, last = handler.finished
    assert (first, last) == (True, True)
    assert between
    assert not any(between)


def test_a_batch_lasts_for_a_moment_whatever_the_work_is(
    log: SqlLog, make: MakeFeed, clock: ManualClock
) -> None:
    took = timedelta(seconds=0.125)
    feed = make(Effects(lambda _payload: clock.advance(took)))

    def batches(count: int) -> list[int]:
        append(log, *(event("a", n) for n in range(count)))
        return [feed.step() for _ in iter(feed.lag, 0)]

    assert max(batches(100)[1:]) == 8
    took = timedelta()
    assert max(batches(1_100)) == 500


def test_several_topics_share_the_batch(log: SqlLog, make: MakeFeed, database: Database) -> None:
    append(log, *(event("a", n) for n in range(1, 400)), event("b", 1, topic=OTHER))
    feed = make(topics=(TOPIC, OTHER))
    feed.step()
    assert ("b", 1) in effects(database)
    assert feed.position(OTHER) == 1
    drain(feed)
    assert len(effects(database)) == 400


def test_poison_is_set_aside_with_nothing_of_its_effect(
    log: SqlLog, make: MakeFeed, database: Database
) -> None:
    handler = Effects()
    append(log, event("a", 1), event("b", 1, b"poison"), event("c", 1))
    feed = make(handler)
    drain(feed)
    feed.step()
    assert effects(database) == [("a", 1), ("c", 1)]
    assert handler.finished[-1] is True
    with database.read() as session:
        (letter,) = feed.dead_letters.waiting(session)
    assert (letter.record.offset, letter.record.key, letter.record.value) == (1, "b", b"poison")
    assert letter.reason == "it says so"
    (copy,) = log.read(f"{TOPIC}.dlq", 0, 10)
    assert (copy.key, copy.value, copy.headers["dlq_offset"]) == ("b", b"poison", "1")


def test_a_record_that_is_no_event_is_set_aside(log: SqlLog, make: MakeFeed, database: Database) -> None:
    log.append([Record(TOPIC, "a\0b", b"\xff", {"ce_specversion": "1.0\0"})])
    append(log, event("a", 1))
    feed = make()
    drain(feed)
    assert effects(database) == [("a", 1)]
    assert feed.buried == 1


def test_an_unexpected_error_costs_its_record_only_and_is_not_quoted(
    log: SqlLog, make: MakeFeed, database: Database
) -> None:
    def misbehave(payload: bytes) -> None:
        if payload != b"ok":
            raise ValueError("张三 320101199001011234")

    append(log, event("a", 1), event("b", 1, b"bad"), event("c", 1))
    feed = make(Effects(misbehave))
    drain(feed)
    assert effects(database) == [("a", 1), ("c", 1)]
    with database.read() as session:
        (letter,) = feed.dead_letters.waiting(session)
    assert letter.reason.startswith("ValueError at misbehave, test_feed.py:")


class Late(Effects):
    """What a record of `late` writes fails when something more is written, or at the end."""

    written: bytes | None = None

    def handle(self, session: Session, event: Received) -> None:
        self._write()
        super().handle(session, event)
        self.written = event.value

    def finish(self, session: Session, level: bool) -> None:
        self._write()
        super().finish(session, level)

    def _write(self) -> None:
        written, self.written = self.written, None
        if written == b"late":
            raise ValueError


def test_the_record_at_fault_is_set_aside_and_not_the_one_at_which_it_shows(
    log: SqlLog, make: MakeFeed, database: Database
) -> None:
    append(log, event("a", 1), event("b", 1, b"late"), event("c", 1), event("d", 1))
    feed = make(Late())
    drain(feed)
    assert effects(database) == [("a", 1), ("c", 1), ("d", 1)]
    with database.read() as session:
        assert [letter.record.key for letter in feed.dead_letters.waiting(session)] == ["b"]


@pytest.mark.parametrize("error", [Unavailable(Text("断开", "away")), OSError("away")])
def test_infrastructure_errors_are_retried_and_never_set_aside(
    error: Exception, log: SqlLog, make: MakeFeed, database: Database
) -> None:
    failures = iter([error, error])

    def misbehave(payload: bytes) -> None:
        for failure in failures:
            raise failure

    append(log, event("a", 1), event("b", 1))
    feed = make(Effects(misbehave))
    for _ in range(2):
        with pytest.raises(type(error)):
            feed.step()
    assert effects(database) == []
    drain(feed)
    assert effects(database) == [("a", 1), ("b", 1)]
    assert feed.buried == 0


def test_too_many_poisoned_records_in_a_row_stop_the_feed(
    log: SqlLog, make: MakeFeed, database: Database
) -> None:
    append(log, *(event("a", n, b"poison") for n in range(1, 13)), event("b", 1))
    feed = make()
    feed.rounds.run(threading.Event())
    assert feed.stopped_reason is not None
    assert "10 records in a row" in feed.stopped_reason
    assert (feed.buried, feed.position(TOPIC)) == (10, 10)
    assert effects(database) == []


def test_many_poisoned_records_apart_do_not_stop_it(log: SqlLog, make: MakeFeed, database: Database) -> None:
    append(log, *(event("a", n, b"poison" if n % 2 else b"ok") for n in range(1, 61)))
    feed = make()
    drain(feed)
    assert feed.buried == 30
    assert effects(database) == [("a", n) for n in range(2, 61, 2)]


def test_dead_letters_are_handled_again_on_request(log: SqlLog, make: MakeFeed, database: Database) -> None:
    append(log, event("a", 1, b"bad"), event("b", 1, b"bad"), event("b", 2))
    broken = True

    def misbehave(payload: bytes) -> None:
        if broken and payload == b"bad":
            raise ValueError

    feed = make(Effects(misbehave))
    drain(feed)

    def replay() -> int:
        with database.write() as session:
            letters = feed.dead_letters.waiting(session)
            asked = feed.dead_letters.request_replay(session, [letter.id for letter in letters])
        feed.step()
        feed.step()
        return asked

    assert replay() == 2
    broken = False
    assert replay() == 1
    assert replay() == 0
    assert effects(database) == [("b", 2), ("a", 1)]


def test_an_erased_entity_leaves_no_dead_letters(log: SqlLog, make: MakeFeed, database: Database) -> None:
    append(log, event("a", 1, b"poison"), event("b", 1, b"poison"), event("a", 2, None))
    feed = make()
    drain(feed)
    with database.read() as session:
        assert [letter.record.key for letter in feed.dead_letters.waiting(session)] == ["b"]


def test_a_second_consumer_of_the_same_name_is_refused(
    log: SqlLog, make: MakeFeed, database: Database
) -> None:
    append(log, event("a", 1))
    first, second = make(), make()
    assert first.lag() == second.lag() == 1
    first.step()
    with pytest.raises(Aborted) as caught:
        second.step()
    assert caught.value.reason == "FEED_MOVED"
    assert effects(database) == [("a", 1)]


def test_a_second_process_does_not_wait_for_the_one_at_work(
    log: SqlLog, postgres_url: str, clock: ManualClock
) -> None:
    append(log, event("a", 1))
    database = Database(open_engine(postgres_url, pool_size=2))
    METADATA.create_all(database.engine)
    second = Feed("test", database, log, [TOPIC], Effects(), clock, tables=FEED_TABLES)

    def meanwhile(_payload: bytes) -> None:
        with pytest.raises(Aborted) as caught:
            second.step()
        assert caught.value.reason == "FEED_BUSY"

    Feed("test", database, log, [TOPIC], Effects(meanwhile), clock, tables=FEED_TABLES).step()
    assert effects(database) == [("a", 1)]
    database.close()


def test_a_log_that_was_replaced_stops_the_feed(
    log: SqlLog, make: MakeFeed, database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    append(log, event("a", 1), event("a", 2))
    drain(make())
    other = SqlLog(tmp_path / "other.db")
    other.ensure_topics({TOPIC: TopicPolicy.COMPACT})
    feed = Feed("test", database, other, [TOPIC], Effects(), clock, tables=FEED_TABLES)
    with pytest.raises((OutOfRange, FeedStopped)):
        feed.step()
    feed.rounds.run(threading.Event())
    assert feed.stopped_reason is not None
    other.close()


def test_the_loop_ends_when_asked_and_goes_on_after_errors(
    log: SqlLog, make: MakeFeed, database: Database
) -> None:
    stop = threading.Event()
    seen = threading.Event()

    class Watched(Effects):
        def handle(self, session: object, event: Received) -> None:
            if feed.failures == 0:
                raise OSError("away")
            super().handle(session, event)  # type: ignore[arg-type]
            seen.set()

    append(log, event("a", 1))
    feed = make(Watched())
    thread = threading.Thread(target=feed.rounds.run, args=(stop,))
    thread.start()
    assert seen.wait(60)
    stop.set()
    thread.join(60)
    assert not thread.is_alive()
    assert effects(database) == [("a", 1)]


class Few(Effects):
    """Takes so many events at once and no more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.came: list[int] = []
        self.now = 0

    def handle(self, session: Session, event: Received) -> None:
        super().handle(session, event)
        self.now += 1

    def finish(self, session: Session, level: bool) -> None:
        came, self.now = self.now, 0
        if came > self.most:
            raise TooMuch(self.most)
        super().finish(session, level)
        self.came.append(came)


def test_what_is_too_much_at_once_comes_again_in_pieces(
    log: SqlLog, make: MakeFeed, database: Database
) -> None:
    append(log, *(event(f"k{number}", 1) for number in range(7)))
    handler = Few(2)
    feed = make(handler)
    drain(feed)
    assert effects(database) == [(f"k{number}", 1) for number in range(7)]
    assert max(handler.came) <= 2
    assert (feed.handled, feed.buried, feed.failures) == (7, 0, 0)


def test_what_is_too_much_with_one_of_each_topic_comes_one_by_one(
    log: SqlLog, make: MakeFeed, database: Database
) -> None:
    append(log, *(event(f"k{number}", 1, topic=topic) for number, topic in enumerate((TOPIC, OTHER) * 3)))
    handler = Few(1)
    feed = make(handler, (TOPIC, OTHER))
    for _ in range(20):
        feed.step()
    assert feed.lag() == 0
    assert sorted(effects(database)) == [(f"k{number}", 1) for number in range(6)]
    assert max(handler.came) == 1
