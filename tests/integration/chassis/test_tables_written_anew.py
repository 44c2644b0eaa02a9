"""`scrub`, on PostgreSQL by the owner of a database without other rights: no byte of what was deleted stays."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection
from sqlalchemy import Column, ForeignKey, String, Table, delete, insert, make_url, select

from services.chassis.house import House
from services.chassis.process.scrubbing import scrub_tables
from services.chassis.storage.append_only import append_only
from services.chassis.storage.columns import new_metadata
from services.chassis.storage.db import Database, open_engine
from tests.servers.postgres import PostgresServer

CANARY = "canary-7f3a"
METADATA = new_metadata()
PERSON = Table("person", METADATA, Column("name", String(20)))
ENTRY = append_only(Table("entry", METADATA, Column("name", String(20), primary_key=True)))
NOTE = Table("note", METADATA, Column("entry", String(20), ForeignKey(ENTRY.c.name)))


@pytest.fixture
def admin(postgres: PostgresServer, postgres_url: str) -> Iterator[Connection]:
    """The superuser in a database that belongs to the user `plain`."""
    name = str(make_url(postgres_url).database)
    with postgres.connect(name) as connection:
        connection.execute("CREATE ROLE plain LOGIN PASSWORD 'plain'")
        connection.execute(f'ALTER DATABASE "{name}" OWNER TO plain')
        connection.execute("GRANT ALL ON SCHEMA public TO plain")
        yield connection
        connection.execute(f'ALTER DATABASE "{name}" OWNER TO postgres')
        connection.execute("DROP OWNED BY plain")
        connection.execute("DROP ROLE plain")


def house(database: Database) -> House:
    rest: Any = None
    return House(rest, rest, rest, database, rest, rest, rest, rest, rest, rest, rest)


def holding(postgres: PostgresServer, admin: Connection) -> list[str]:
    """Files of the database in which the word stands, once all is on the disk."""
    admin.execute("CHECKPOINT")
    ((oid,),) = admin.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchall()
    files = postgres.directory.rglob(f"base/{oid}/*")
    return [file.name for file in files if CANARY.encode() in file.read_bytes()]


@pytest.fixture
def owned(postgres_url: str, admin: Connection) -> Iterator[Database]:
    """As `plain` opens it: the word was in two tables, one of them append-only and referred to."""
    url = make_url(postgres_url).set(username="plain", password="plain")
    opened = Database(open_engine(url.render_as_string(hide_password=False)))
    with opened.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        METADATA.create_all(connection)
        connection.execute(insert(PERSON), [{"name": CANARY}] * 50)
        connection.execute(insert(ENTRY), [{"name": f"{CANARY}-{number}"} for number in range(50)])
        for each in ("ANALYZE", "ALTER TABLE entry DISABLE TRIGGER USER"):
            connection.exec_driver_sql(each)
        for table in (PERSON, ENTRY):
            connection.execute(delete(table))
        connection.exec_driver_sql("ALTER TABLE entry ENABLE TRIGGER USER")
    yield opened
    opened.close()


def test_no_byte_of_what_was_deleted_stays_and_what_is_in_use_or_of_others_is_named(
    postgres: PostgresServer, owned: Database, admin: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(holding(postgres, admin)) > 1
    with admin.transaction():
        admin.execute("LOCK TABLE person IN ACCESS SHARE MODE")
        assert scrub_tables(house(owned), lock_timeout="1ms") == 1
    assert "public.person" in capsys.readouterr().err
    assert scrub_tables(house(owned)) == 0
    assert "3 tables written anew" in capsys.readouterr().out
    assert holding(postgres, admin) == []
    admin.execute("ALTER TABLE person OWNER TO postgres")
    admin.execute(f'ALTER DATABASE "{admin.info.dbname}" OWNER TO postgres')
    assert scrub_tables(house(owned)) == 1
    said = capsys.readouterr()
    assert "2 tables written anew" in said.out
    assert "public.person, pg_statistic" in said.err
    admin.execute("DROP TABLE person")


def test_on_sqlite_a_reader_puts_it_off_and_the_command_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/it.db"
    database, again = Database(open_engine(url)), Database(open_engine(url))
    PERSON.create(database.engine)
    with database.read() as session:
        session.execute(select(PERSON)).all()
        with database.write() as writing:
            writing.execute(insert(PERSON), {"name": CANARY})
        assert scrub_tables(house(database)) == 1
    assert "run it again" in capsys.readouterr().err
    assert scrub_tables(house(again)) == 0
    database.close()
    again.close()
