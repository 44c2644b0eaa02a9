import threading

from sqlalchemy.orm import Session

from services.chassis.feed.received import Received
from services.chassis.log.log import Record
from services.chassis.log.sql_log import SqlLog
from services.chassis.storage.db import Database
from tests.integration.chassis.effects import TOPIC, Effects, effects, event
from tests.integration.chassis.feeding import MakeFeed, append, drain


def test_poison_is_set_aside_with_nothing_of_its_effect(
    log: SqlLog, make_feed: MakeFeed, database: Database
) -> None:
    handler = Effects()
    append(log, event("a", 1), event("b", 1, b"poison"), event("c", 1))
    feed = make_feed(handler)
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


def test_a_record_that_is_no_event_is_set_aside(log: SqlLog, make_feed: MakeFeed, database: Database) -> None:
    log.append([Record(TOPIC, "a\0b", b"\xff", {"ce_specversion": "1.0\0"})])
    append(log, event("a", 1))
    feed = make_feed()
    drain(feed)
    assert effects(database) == [("a", 1)]
    assert feed.buried == 1


def test_an_unexpected_error_costs_its_record_only_and_is_not_quoted(
    log: SqlLog, make_feed: MakeFeed, database: Database
) -> None:
    def misbehave(payload: bytes) -> None:
        if payload != b"ok":
            raise ValueError("张三 320101199001011234")

    append(log, event("a", 1), event("b", 1, b"bad"), event("c", 1))
    feed = make_feed(Effects(misbehave))
    drain(feed)
    assert effects(database) == [("a", 1), ("c", 1)]
    with database.read() as session:
        (letter,) = feed.dead_letters.waiting(session)
    assert letter.reason.startswith("ValueError at misbehave, test_feed_poison.py:")


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
    log: SqlLog, make_feed: MakeFeed, database: Database
) -> None:
    append(log, event("a", 1), event("b", 1, b"late"), event("c", 1), event("d", 1))
    feed = make_feed(Late())
    drain(feed)
    assert effects(database) == [("a", 1), ("c", 1), ("d", 1)]
    with database.read() as session:
        assert [letter.record.key for letter in feed.dead_letters.waiting(session)] == ["b"]


def test_too_many_poisoned_records_in_a_row_stop_the_feed(
    log: SqlLog, make_feed: MakeFeed, database: Database
) -> None:
    append(log, *(event("a", n, b"poison") for n in range(1, 13)), event("b", 1))
    feed = make_feed()
    feed.rounds.run(threading.Event())
    assert feed.stopped_reason is not None
    assert "10 records in a row" in feed.stopped_reason
    assert (feed.buried, feed.position(TOPIC)) == (10, 10)
    assert effects(database) == []


def test_many_poisoned_records_apart_do_not_stop_it(
    log: SqlLog, make_feed: MakeFeed, database: Database
) -> None:
    append(log, *(event("a", n, b"poison" if n % 2 else b"ok") for n in range(1, 61)))
    feed = make_feed()
    drain(feed)
    assert feed.buried == 30
    assert effects(database) == [("a", n) for n in range(2, 61, 2)]


def test_dead_letters_are_handled_again_on_request(
    log: SqlLog, make_feed: MakeFeed, database: Database
) -> None:
    append(log, event("a", 1, b"bad"), event("b", 1, b"bad"), event("b", 2))
    broken = True

    def misbehave(payload: bytes) -> None:
        if broken and payload == b"bad":
            raise ValueError

    feed = make_feed(Effects(misbehave))
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


def test_an_erased_entity_leaves_no_dead_letters(
    log: SqlLog, make_feed: MakeFeed, database: Database
) -> None:
    append(log, event("a", 1, b"poison"), event("b", 1, b"poison"), event("a", 2, None))
    feed = make_feed()
    drain(feed)
    with database.read() as session:
        assert [letter.record.key for letter in feed.dead_letters.waiting(session)] == ["b"]
