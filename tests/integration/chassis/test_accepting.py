"""Somebody states that a log begun anew is the one now: what it holds is read, what the outbox holds is told again; or
that an empty database goes on behind what its log holds.
"""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from services.chassis.feed.feed import Feed
from services.chassis.feed.offsets import FeedOffsets
from services.chassis.house import Blueprint, House, define_shared_tables
from services.chassis.log.cloudevents import make_headers
from services.chassis.log.log import Record
from services.chassis.log.places import LogPlaces
from services.chassis.log.sql_log import SqlLog
from services.chassis.log.topics import FIRMS, MATCHER_RETURNS, PERSONS, policies
from services.chassis.outbox.journal import Journal
from services.chassis.outbox.outbox import Outbox
from services.chassis.outbox.relay import Relay
from services.chassis.process.accepting import accept_log
from services.chassis.process.leadership import leader_lock
from services.chassis.process.precedence import Precedence
from services.chassis.returns import QUARTERS, Counted, Counting, Returns, ended
from services.chassis.storage.columns import new_metadata
from services.chassis.storage.db import Database
from services.kernel.clock import ManualClock, civil_date
from services.kernel.ids import TimeOrderedIds
from tests.integration.chassis.effects import Effects, event

METADATA = new_metadata()
TABLES = define_shared_tables(METADATA)
ENDED = threading.Event()
ENDED.set()
BLUEPRINT = cast(Blueprint, type("Named", (), {"name": "test", "tells": (), "from_log": False}))


class Taking(Effects):
    """Notes which versions came, and nothing in the database."""

    def __init__(self) -> None:
        super().__init__()
        self.came: list[tuple[str, int]] = []

    def handle(self, session: Any, event: Any) -> None:
        self.came.append((event.key, event.version))


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[tuple[SqlLog, SqlLog]]:
    """The log of yesterday, and the one begun anew."""
    made = SqlLog(tmp_path / "former.db"), SqlLog(tmp_path / "new.db")
    for each in made:
        each.ensure_topics(policies())
    yield made
    for each in made:
        each.close()


def house(database: Database, log: SqlLog, clock: ManualClock) -> House:
    journal = Journal(TABLES.history, TABLES.outbox, "/bole/test", TimeOrderedIds(clock), clock)
    rest: Any = None
    return House(rest, clock, TimeOrderedIds(clock), database, log, TABLES, journal, rest, rest, rest, rest)


def told(database: Database, log: SqlLog, clock: ManualClock) -> int:
    """How many events a relay tells that ends afterwards; its second look binds the places to the log."""
    places = LogPlaces(TABLES.feed.places, TABLES.outbox, TABLES.history, "/bole/test", clock)
    lock = leader_lock(database.engine, "relay")
    relay = Relay(database, TABLES.outbox, log, lock, clock, places=places)
    count = relay.publish_batch() + relay.publish_batch()
    relay.run(ENDED)
    return count


def feed(database: Database, log: SqlLog, clock: ManualClock, handler: Taking) -> Feed:
    return Feed("test", database, log, [FIRMS.name], handler, clock, tables=TABLES.feed)


def append(log: SqlLog, key: str, version: int) -> None:
    firm = event(key, version, topic=FIRMS.name)
    log.append([Record(firm.topic, key, firm.payload, make_headers(firm))])


@pytest.fixture
def worked(database: Database, logs: tuple[SqlLog, SqlLog], clock: ManualClock) -> None:
    """A service that told a person and took in two versions of a firm, on the log of yesterday."""
    METADATA.create_all(database.engine)
    with database.write() as session:
        person = event("a", 1, topic=PERSONS.name)
        Outbox(TABLES.outbox).put(session, person._replace(type="bole.person.changed.v1"))
    assert told(database, logs[0], clock) == 1
    append(logs[0], "f", 1)
    append(logs[0], "f", 2)
    assert feed(database, logs[0], clock, Taking()).step() == 2


@pytest.mark.usefixtures("worked")
def test_a_log_begun_anew_is_read_and_told_from_the_beginning(
    database: Database, logs: tuple[SqlLog, SqlLog], clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    append(logs[1], "f", 3)
    assert accept_log(BLUEPRINT, house(database, logs[1], clock)) == 0
    said = capsys.readouterr().out
    assert PERSONS.name in said
    assert FIRMS.name in said
    taking = Taking()
    assert feed(database, logs[1], clock, taking).step() == 1
    assert taking.came == [("f", 3)]
    assert told(database, logs[1], clock) == 1
    assert [each.key for each in logs[1].read(PERSONS.name, 0, 9)] == ["a"]


@pytest.mark.usefixtures("worked")
def test_a_log_that_fits_is_left_as_it_is(
    database: Database, logs: tuple[SqlLog, SqlLog], clock: ManualClock
) -> None:
    assert accept_log(BLUEPRINT, house(database, logs[0], clock)) == 0
    assert told(database, logs[0], clock) == 0
    with database.read() as session:
        assert FeedOffsets(TABLES.feed.offsets, "test", clock).load(session) == {FIRMS.name: 2}


@pytest.mark.usefixtures("worked")
def test_a_service_that_runs_is_not_spoken_for(
    database: Database, logs: tuple[SqlLog, SqlLog], clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = leader_lock(database.engine, "relay")
    assert lock.acquire()
    assert accept_log(BLUEPRINT, house(database, logs[1], clock)) == 1
    lock.release()
    assert "stop all its processes" in capsys.readouterr().err
    with database.read() as session:
        assert FeedOffsets(TABLES.feed.offsets, "test", clock).load(session) == {FIRMS.name: 2}


@pytest.mark.usefixtures("worked")
def test_a_database_behind_its_log_is_not_talked_away(
    database: Database, logs: tuple[SqlLog, SqlLog], clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    later = event("a", 2, topic=PERSONS.name)._replace(type="bole.person.changed.v1")
    logs[0].append([Record(later.topic, "a", later.payload, make_headers(later))])
    assert accept_log(BLUEPRINT, house(database, logs[0], clock)) == 1
    assert "earlier moment" in capsys.readouterr().err


def test_returns_that_a_lost_database_told_stand(
    database: Database, logs: tuple[SqlLog, SqlLog], clock: ManualClock
) -> None:
    METADATA.create_all(database.engine)
    quarters = [span.code for span in ended(civil_date(clock.now()))]
    for version in (1, 2):
        told_before = event(quarters[-1], version, b"", MATCHER_RETURNS.name)
        named = told_before._replace(type=f"bole.{MATCHER_RETURNS.entity}.changed.v1")
        logs[0].append([Record(named.topic, quarters[-1], named.payload, make_headers(named))])
    made_of_the_log = {"name": "test", "tells": (MATCHER_RETURNS,), "from_log": True}
    its = house(database, logs[0], clock)
    assert accept_log(cast(Blueprint, type("Named", (), made_of_the_log)), its) == 0
    nothing = {
        "version": "m",
        "stamp": lambda _session: (1,),
        "of": lambda _session, _span: Counted({}, False),
    }
    counting = cast(Counting, type("Nothing", (), nothing))
    looking = Returns(database, its.journal, TABLES.history, MATCHER_RETURNS, counting, clock, Precedence())
    assert looking.look() == QUARTERS - 1
    with database.read() as session:
        waiting = session.scalars(select(TABLES.outbox.c.aggregateid)).all()
    assert sorted(waiting) == sorted(quarters[:-1])
