"""A PostgreSQL that stands still with its connections alive: nobody waits for it without end."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from services.chassis.process.leadership import leader_lock
from services.chassis.storage.db import Database, open_engine
from services.kernel.errors import Unavailable
from tests.servers.postgres import PostgresServer
from tests.storm.house import until


@contextmanager
def opened(server: PostgresServer) -> Iterator[Database]:
    database = Database(open_engine(f"{server.url}?connect_timeout=2"))
    try:
        yield database
    finally:
        database.close()


def test_who_waits_for_a_database_that_stands_still_is_told_and_it_goes_on_afterwards() -> None:
    with PostgresServer() as server, opened(server) as database, ThreadPoolExecutor(4) as pool:
        lock = leader_lock(database.engine, "relay")
        assert lock.acquire()
        works: list[Callable[[], object]] = [lambda: _read(database), lambda: _write(database), database.ask]
        for work in works:  # connections that are there, and are looked after before they are used again
            work()
        with server.stopped():
            waiting = [pool.submit(work) for work in works] + [pool.submit(lock.held)]
            assert _hang_up_until(database, waiting)
            for each in waiting[:3]:
                with pytest.raises(Unavailable) as raised:
                    each.result()
                assert raised.value.reason == "DATABASE_UNAVAILABLE"
            assert waiting[3].result() is False
            with pytest.raises(Unavailable):
                database.ask()
            with pytest.raises(Unavailable):  # at once: nobody else has a thread wait for it
                _read(database)
        with pytest.raises(Unavailable):
            _read(database)
        assert until(lambda: _answers(database), 60)
        for work in works:
            work()
        assert until(lock.acquire, 60)
        lock.release()


def test_who_asks_whether_it_answers_does_not_stand_in_line() -> None:
    with PostgresServer() as server:
        database = Database(open_engine(server.url, pool_size=1))
        held = [
            database.engine.connect() for _ in range(9)
        ]  # the one that is kept, and all that may come besides
        database.ask()
        for each in held:
            each.close()
        database.close()


def _hang_up_until(database: Database, waiting: list[Future[object]]) -> bool:
    """Again and again: who is told tries once more on another connection first, which was not in use."""

    def over() -> bool:
        database.hang_up()
        return all(each.done() for each in waiting)

    return until(over, 60)


def _answers(database: Database) -> bool:
    try:
        database.ask()
    except Unavailable:
        return False
    return True


def _read(database: Database) -> None:
    with database.read() as session:
        session.execute(text("SELECT 1"))


def _write(database: Database) -> None:
    with database.write() as session:
        session.execute(text("CREATE TEMPORARY TABLE IF NOT EXISTS trial (id integer)"))
