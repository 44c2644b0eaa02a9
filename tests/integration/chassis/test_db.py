import os
import socket
import threading
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, String, Table, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import registry

from services.chassis.configuration import ConfigurationError
from services.chassis.process.leadership import leader_lock
from services.chassis.storage.columns import Json, UtcInstant, new_metadata
from services.chassis.storage.db import Database, append_only, open_engine
from services.kernel.errors import Aborted, Unavailable

METADATA = new_metadata()
THINGS = Table(
    "thing",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(50), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", UtcInstant),
    Column("data", Json),
)
RECORDS = append_only(
    Table("record", METADATA, Column("id", Integer, primary_key=True), Column("note", String(50)))
)


@dataclass
class Thing:
    id: int
    name: str


MAPPER = registry(metadata=METADATA)
MAPPER.map_imperatively(Thing, THINGS, version_id_col=THINGS.c.version)


@pytest.fixture
def opened(database: Database) -> Database:
    METADATA.create_all(database.engine)
    with database.write() as session:
        session.add(Thing(1, "one"))
    return database


def names(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(THINGS.c.name).order_by(THINGS.c.id)))


def test_a_unit_of_work_is_all_or_nothing(opened: Database) -> None:
    def fail_halfway() -> None:
        with opened.write() as session:
            session.add(Thing(2, "two"))
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        fail_halfway()
    assert names(opened) == ["one"]


def test_a_row_that_somebody_else_changed_is_aborted(opened: Database) -> None:
    with opened.read() as session:
        mine = session.get_one(Thing, 1)
    with opened.write() as session:
        session.get_one(Thing, 1).name = "theirs"
    mine.name = "mine"
    with pytest.raises(Aborted) as caught, opened.write() as session:
        session.add(mine)
    assert caught.value.reason == "CONCURRENT_CHANGE"
    assert names(opened) == ["theirs"]


def test_a_read_sees_one_snapshot_and_cannot_write(opened: Database) -> None:
    with opened.read() as session:
        assert len(session.scalars(select(THINGS.c.id)).all()) == 1
        with opened.write() as other:
            other.add(Thing(2, "two"))
        assert len(session.scalars(select(THINGS.c.id)).all()) == 1
    with pytest.raises((Unavailable, DBAPIError)), opened.read() as session:
        session.execute(insert(THINGS).values(id=3, name="three", version=1))
    with opened.write() as session:
        session.add(Thing(3, "three"))
    assert names(opened) == ["one", "two", "three"]


def test_hooks_run_after_a_commit_only(opened: Database) -> None:
    seen: list[list[str]] = []
    opened.on_commit(lambda: seen.append(names(opened)))
    with opened.write() as session:
        session.add(Thing(2, "two"))
    with pytest.raises(Aborted), opened.write() as session:
        session.execute(insert(THINGS).values(id=1, name="again", version=1))
    assert seen == [["one", "two"]]


def test_a_key_that_is_taken_was_taken_by_somebody_else_unless_there_is_nobody_else(opened: Database) -> None:
    again = insert(THINGS).values(id=1, name="again", version=1)
    with pytest.raises(Aborted) as caught, opened.write() as session:
        session.execute(again)
    assert caught.value.reason == "CONCURRENT_CHANGE"
    with pytest.raises(IntegrityError), opened.write(alone=True) as session:
        session.execute(again)
    with pytest.raises(IntegrityError), opened.write() as session:
        session.execute(insert(THINGS).values(id=2, version=1))
    assert names(opened) == ["one"]


def test_instants_and_json_come_back_as_they_were(opened: Database) -> None:
    at = datetime(2026, 5, 1, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    data = {"b": [1, 2.5, None, "伯乐\0"], "a": {"z": True}}
    with opened.write() as session:
        session.execute(insert(THINGS).values(id=2, name="two", version=1, at=at, data=data))
    with opened.read() as session:
        row = session.execute(select(THINGS).where(THINGS.c.id == 2)).one()
        kept = session.scalar(text("SELECT data FROM thing WHERE id = 2"))
    assert row.at == at
    assert row.at.tzinfo is UTC
    assert row.data == data
    assert kept == '{"a":{"z":true},"b":[1,2.5,null,"伯乐\\u0000"]}'


def test_a_naive_datetime_is_refused(opened: Database) -> None:
    with pytest.raises(Exception, match="naive"), opened.write() as session:
        session.execute(insert(THINGS).values(id=2, name="two", version=1, at=datetime(2026, 1, 1)))  # noqa: DTZ001


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE record SET note = 'b'",
        "DELETE FROM record",
        "INSERT OR REPLACE INTO record VALUES (1, 'b')",
        "TRUNCATE record",
    ],
)
def test_an_append_only_table_refuses_every_change(opened: Database, change: str) -> None:
    only = {"INSERT": "sqlite", "TRUNCA": "postgresql"}.get(change[:6], opened.engine.dialect.name)
    with opened.write() as session:
        session.execute(insert(RECORDS).values(id=1, note="a"))
    if only == opened.engine.dialect.name:
        with pytest.raises(IntegrityError, match="append-only"), opened.write() as session:
            session.execute(text(change))
    with opened.read() as session:
        assert session.execute(select(RECORDS)).all() == [(1, "a")]


def test_errors_do_not_quote_the_values_of_a_statement(opened: Database) -> None:
    with pytest.raises(IntegrityError) as caught, opened.write(alone=True) as session:
        session.execute(insert(THINGS).values(id=1, name="110101199003070000", version=1))
    assert "110101199003070000" not in str(caught.value)


def test_one_leader_at_a_time(opened: Database) -> None:
    mine, theirs = (leader_lock(opened.engine, "relay") for _ in range(2))
    assert mine.acquire()
    assert mine.acquire()
    assert not theirs.acquire()
    other = leader_lock(opened.engine, "other")
    assert other.acquire()
    other.release()
    waited = threading.Thread(target=lambda: theirs.acquire(wait=True))
    waited.start()
    mine.release()
    waited.join(60)
    assert theirs.held()
    assert not mine.held()
    theirs.release()


def test_a_locked_sqlite_database_is_unavailable_after_the_wait(tmp_path: object) -> None:
    database = Database(open_engine(f"sqlite:///{tmp_path}/a.db", busy_seconds=0.05))
    METADATA.create_all(database.engine)
    with database.write() as session:
        session.add(Thing(1, "one"))
        session.flush()
        with pytest.raises(Unavailable) as caught, database.write() as other:
            other.execute(select(THINGS))
    assert caught.value.reason == "DATABASE_BUSY"
    assert names(database) == ["one"]
    database.close()


def test_a_full_disk_is_unavailable_and_says_so(tmp_path: Path) -> None:
    with closing(Database(open_engine(f"sqlite:///{tmp_path}/full.db"))) as database:
        METADATA.create_all(database.engine)

        def fill(*, most: str) -> None:
            with database.write() as session:
                session.execute(text(f"PRAGMA max_page_count = {most}"))
                rows = [{"id": at, "name": "x" * 50, "version": 1} for at in range(10_000)]
                session.execute(insert(THINGS), rows)

        with pytest.raises(Unavailable) as caught:
            fill(most="1")  # never less than it has
        assert caught.value.reason == "DATABASE_FULL"
        assert "磁盘" in caught.value.text.zh
        fill(most="100000")


def test_a_postgresql_that_is_away_is_unavailable() -> None:
    database = Database(open_engine("postgresql://nobody@127.0.0.1:1/none"))
    with pytest.raises(Unavailable), database.write() as session:
        session.execute(text("SELECT 1"))


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/db"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ConfigurationError):
        open_engine(url)


def test_whose_lock_file_was_deleted_leads_no_more_once_another_one_does(tmp_path: Path) -> None:
    """Whoever cleans a data directory takes the file away beneath its holder."""
    database = Database(open_engine(f"sqlite:///{tmp_path}/a.db"))
    mine, theirs = (leader_lock(database.engine, "relay") for _ in range(2))
    assert mine.acquire()
    (tmp_path / "a.db.relay.lock").unlink()
    assert theirs.acquire()
    assert not mine.held()
    assert not mine.acquire()
    assert theirs.held()
    theirs.release()
    assert mine.acquire()
    (tmp_path / "a.db.relay.lock").unlink()
    assert not mine.held()
    assert mine.acquire()
    assert not theirs.acquire()
    mine.release()
    database.close()


def test_a_server_whose_machine_is_gone_is_not_waited_for_as_long_as_the_system_would(
    postgres_url: str,
) -> None:
    """A quarter of an hour for what is on its way, two hours for a connection at rest; what the address says stands."""
    for url, user_timeout in ((postgres_url, 30_000), (f"{postgres_url}?tcp_user_timeout=7000", 7_000)):
        with closing(Database(open_engine(url))) as database, database.read() as session:
            driver: Any = session.connection().connection.dbapi_connection
            descriptor = driver.pgconn.socket
            with socket.socket(fileno=os.dup(descriptor)) as opened:
                assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == user_timeout
                assert opened.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
                assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 15
                assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL) == 5
                assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT) == 3
