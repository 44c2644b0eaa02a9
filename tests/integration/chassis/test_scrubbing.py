"""What was erased stays neither in SQLite's write-ahead file nor in its pages, whoever read or died meanwhile."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, String, Table, delete, event, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.chassis.fail_points import EXIT_KILLED
from services.chassis.files.embedded import ERASED
from services.chassis.log.sql_log import SqlLog
from services.chassis.outbox.relay import Relay
from services.chassis.process.leadership import leader_lock
from services.chassis.storage.columns import new_metadata
from services.chassis.storage.db import Database, open_engine, scrub_after
from services.kernel.clock import ManualClock
from tests.integration.chassis.effects import EFFECTS, METADATA, OUTBOX, STATES
from tests.servers.dying import dies_at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CANARY = "canary-canary"
SECONDS = 300.0
LETTERS = 400
LETTER_METADATA = new_metadata()
LETTER = Table(
    "letter",
    LETTER_METADATA,
    Column("text", String(500), primary_key=True),
    Column("number", Integer, nullable=False),
)
SEEDS = (1, 3, 7)
"""With these SQLite 3.40 moves some of the letters from pages that keep a copy."""


@pytest.fixture
def holding(database: Database) -> Database:
    """A database that holds the canary."""
    METADATA.create_all(database.engine)
    with database.write() as session:
        session.execute(insert(STATES).values(key=CANARY, version=1))
    return database


def erase(database: Database) -> None:
    with database.write() as session:
        session.execute(delete(STATES))
        scrub_after(session)


def found(tmp_path: Path) -> bool:
    return any(CANARY.encode() in file.read_bytes() for file in tmp_path.glob("service.db*"))


def in_time(holds: Callable[[], bool]) -> bool:
    """Whether something comes to hold; it is looked at again and again, since a file tells nobody that it changed."""
    end = time.monotonic() + SECONDS
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return holds()


@pytest.mark.parametrize("error", [PoolTimeout("no connection is free"), OperationalError("", {}, OSError())])
def test_an_erasure_that_is_committed_does_not_fail_where_the_file_cannot_be_looked_at(
    holding: Database, tmp_path: Path, error: Exception
) -> None:
    committed = False

    def refuse(*_checkout: object) -> None:
        if committed:
            raise error

    def note() -> None:
        nonlocal committed
        committed = True

    event.listen(holding.engine, "checkout", refuse)
    holding.on_commit(note)
    erase(holding)
    assert holding.scrub(at_once=True), "it is owed"
    event.remove(holding.engine, "checkout", refuse)
    assert in_time(lambda: not holding.scrub(at_once=True))
    assert not found(tmp_path)


def test_what_another_process_erases_during_a_rewriting_stays_owed(holding: Database, tmp_path: Path) -> None:
    other = Database(open_engine(str(holding.engine.url)))
    erase(holding)
    mark = Path(f"{holding.engine.url.database}{ERASED}")
    assert mark.exists()

    def meanwhile(*_checkin: object) -> None:
        erase(other)

    event.listen(holding.engine, "checkin", meanwhile, once=True)
    holding.scrub(at_once=True)
    other.close()  # it has ended, and will not rewrite
    assert mark.exists()
    assert in_time(lambda: not holding.scrub(at_once=True))
    assert not mark.exists()


def test_it_is_gone_with_the_commit(holding: Database, tmp_path: Path) -> None:
    assert found(tmp_path)
    erase(holding)
    assert not found(tmp_path)


def test_a_reader_puts_it_off_and_the_relay_does_it(
    holding: Database, log: SqlLog, clock: ManualClock, tmp_path: Path
) -> None:
    relay = Relay(holding, OUTBOX, log, leader_lock(holding.engine, "relay"), clock)
    with holding.read() as session:
        session.execute(select(EFFECTS)).all()
        erase(holding)
        assert found(tmp_path)
        relay.start()
    assert in_time(lambda: not found(tmp_path))
    assert relay.stop()


def test_the_relay_does_what_a_process_that_died_has_left(
    holding: Database, log: SqlLog, clock: ManualClock, tmp_path: Path
) -> None:
    with holding.write() as session:
        session.execute(delete(STATES))
    assert found(tmp_path)
    again = Database(open_engine(f"sqlite:///{tmp_path}/service.db", pool_size=2))
    relay = Relay(again, OUTBOX, log, leader_lock(again.engine, "relay"), clock)
    relay.start()
    assert in_time(lambda: not found(tmp_path))
    assert relay.stop()
    again.close()


@pytest.fixture(params=SEEDS)
def written(request: pytest.FixtureRequest, database: Database) -> Database:
    """A database of letters that came one by one, so that full pages were split again and again."""
    rng = random.Random(request.param)
    METADATA.create_all(database.engine)
    LETTER_METADATA.create_all(database.engine)
    for number in range(LETTERS):
        said = f"{rng.random()}-{CANARY if number % 3 == 0 else 'letter'}-{'x' * rng.randrange(10, 400)}"
        with database.write() as session:
            session.execute(insert(LETTER).values(text=said, number=number))
    return database


def burn(database: Database) -> None:
    """Erase every third letter."""
    with database.write() as session:
        session.execute(delete(LETTER).where(LETTER.c.number % 3 == 0))
        scrub_after(session)


def marked(tmp_path: Path) -> bool:
    return (tmp_path / f"service.db{ERASED}").exists()


def test_copies_in_pages_from_which_rows_were_moved_go_too(
    written: Database, log: SqlLog, clock: ManualClock, tmp_path: Path
) -> None:
    burn(written)
    assert marked(tmp_path)
    relay = Relay(written, OUTBOX, log, leader_lock(written.engine, "relay"), clock)
    relay.start()
    assert in_time(lambda: not found(tmp_path))
    assert in_time(lambda: not marked(tmp_path))
    assert relay.stop()
    with written.read() as session:
        assert len(session.execute(select(LETTER)).all()) == LETTERS - len(range(0, LETTERS, 3))


def test_who_comes_after_a_crash_knows_what_the_file_holds(written: Database, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/service.db"
    written.close()
    assert (
        dies_at("erasure.after_commit_before_scrub:1", lambda: burn(Database(open_engine(url))))
        == EXIT_KILLED
    )
    assert marked(tmp_path)
    again = Database(open_engine(url))
    died = dies_at(
        "erasure.after_rewrite_before_unmark:1", lambda: Database(open_engine(url)).scrub(at_once=True)
    )
    assert died == EXIT_KILLED
    assert marked(tmp_path)
    assert not again.scrub(at_once=True)
    assert not found(tmp_path)
    assert not marked(tmp_path)
    again.close()


def test_what_is_only_rehearsed_marks_nothing(holding: Database, tmp_path: Path) -> None:
    with holding.write() as session:
        session.execute(delete(STATES))
        scrub_after(session)
        session.rollback()
    assert not marked(tmp_path)
