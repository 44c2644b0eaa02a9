from datetime import timedelta

from sqlalchemy.orm import Session

from services.chassis.feed.received import Received, TooMuch
from services.chassis.log.sql_log import SqlLog
from services.chassis.storage.db import Database
from services.kernel.clock import ManualClock
from tests.integration.chassis.effects import TOPIC, Effects, effects, event
from tests.integration.chassis.feeding import OTHER, MakeFeed, append, drain


def test_finish_hears_when_nothing_more_waits(log: SqlLog, make_feed: MakeFeed) -> None:
    handler = Effects()
    feed = make_feed(handler)
    feed.step()
    append(log, *(event("a", n) for n in range(1, 601)))
    drain(feed)
    first, *between, last = handler.finished
    assert (first, last) == (True, True)
    assert between
    assert not any(between)


def test_a_batch_lasts_for_a_moment_whatever_the_work_is(
    log: SqlLog, make_feed: MakeFeed, clock: ManualClock
) -> None:
    took = timedelta(seconds=0.125)
    feed = make_feed(Effects(lambda _payload: clock.advance(took)))

    def batches(count: int) -> list[int]:
        append(log, *(event("a", n) for n in range(count)))
        return [feed.step() for _ in iter(feed.lag, 0)]

    assert max(batches(100)[1:]) == 8
    took = timedelta()
    assert max(batches(1_100)) == 500


def test_several_topics_share_the_batch(log: SqlLog, make_feed: MakeFeed, database: Database) -> None:
    append(log, *(event("a", n) for n in range(1, 400)), event("b", 1, topic=OTHER))
    feed = make_feed(topics=(TOPIC, OTHER))
    feed.step()
    assert ("b", 1) in effects(database)
    assert feed.position(OTHER) == 1
    drain(feed)
    assert len(effects(database)) == 400


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
    log: SqlLog, make_feed: MakeFeed, database: Database
) -> None:
    append(log, *(event(f"k{number}", 1) for number in range(7)))
    handler = Few(2)
    feed = make_feed(handler)
    drain(feed)
    assert effects(database) == [(f"k{number}", 1) for number in range(7)]
    assert max(handler.came) <= 2
    assert (feed.handled, feed.buried, feed.failures) == (7, 0, 0)


def test_what_is_too_much_with_one_of_each_topic_comes_one_by_one(
    log: SqlLog, make_feed: MakeFeed, database: Database
) -> None:
    append(log, *(event(f"k{number}", 1, topic=topic) for number, topic in enumerate((TOPIC, OTHER) * 3)))
    handler = Few(1)
    feed = make_feed(handler, (TOPIC, OTHER))
    for _ in range(20):
        feed.step()
    assert feed.lag() == 0
    assert sorted(effects(database)) == [(f"k{number}", 1) for number in range(6)]
    assert max(handler.came) == 1
