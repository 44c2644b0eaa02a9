import threading
from pathlib import Path

import pytest

from services.chassis.feed.feed import Feed, FeedStopped
from services.chassis.feed.received import Received
from services.chassis.log.log import TopicPolicy
from services.chassis.log.sql_log import SqlLog
from services.chassis.storage.db import Database, open_engine
from services.kernel.clock import ManualClock
from services.kernel.errors import Aborted, OutOfRange, Unavailable
from services.kernel.text import Text
from tests.integration.chassis.effects import FEED_TABLES, METADATA, TOPIC, Effects, effects, event
from tests.integration.chassis.feeding import MakeFeed, append, drain


def test_every_event_takes_effect_once_and_in_order(
    log: SqlLog, make_feed: MakeFeed, database: Database
) -> None:
    append(log, event("a", 1), event("b", 1), event("a", 2))
    feed = make_feed()
    assert feed.lag() == 3
    drain(feed)
    append(log, event("a", 2), event("a", 1), event("b", 2))
    drain(make_feed())
    assert effects(database) == [("a", 1), ("b", 1), ("a", 2), ("b", 2)]
    assert feed.position(TOPIC) == 3


@pytest.mark.parametrize("error", [Unavailable(Text("断开", "away")), OSError("away")])
def test_infrastructure_errors_are_retried_and_never_set_aside(
    error: Exception, log: SqlLog, make_feed: MakeFeed, database: Database
) -> None:
    failures = iter([error, error])

    def misbehave(payload: bytes) -> None:
        for failure in failures:
            raise failure

    append(log, event("a", 1), event("b", 1))
    feed = make_feed(Effects(misbehave))
    for _ in range(2):
        with pytest.raises(type(error)):
            feed.step()
    assert effects(database) == []
    drain(feed)
    assert effects(database) == [("a", 1), ("b", 1)]
    assert feed.buried == 0


def test_a_second_consumer_of_the_same_name_is_refused(
    log: SqlLog, make_feed: MakeFeed, database: Database
) -> None:
    append(log, event("a", 1))
    first, second = make_feed(), make_feed()
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
    log: SqlLog, make_feed: MakeFeed, database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    append(log, event("a", 1), event("a", 2))
    drain(make_feed())
    other = SqlLog(tmp_path / "other.db")
    other.ensure_topics({TOPIC: TopicPolicy.COMPACT})
    feed = Feed("test", database, other, [TOPIC], Effects(), clock, tables=FEED_TABLES)
    with pytest.raises((OutOfRange, FeedStopped)):
        feed.step()
    feed.rounds.run(threading.Event())
    assert feed.stopped_reason is not None
    other.close()


def test_the_loop_ends_when_asked_and_goes_on_after_errors(
    log: SqlLog, make_feed: MakeFeed, database: Database
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
    feed = make_feed(Watched())
    thread = threading.Thread(target=feed.rounds.run, args=(stop,))
    thread.start()
    assert seen.wait(60)
    stop.set()
    thread.join(60)
    assert not thread.is_alive()
    assert effects(database) == [("a", 1)]
