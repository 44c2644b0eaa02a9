"""`scrub` on PostgreSQL, by the owner of a database without other rights: no byte of what was deleted stays."""

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import Connection
from sqlalchemy import make_url

from services.chassis.db import Database, open_engine
from services.chassis.house import House
from services.chassis.scrubbing import scrub_tables
from tests.servers.postgres import PostgresServer

CANARY = "canary-7f3a"


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


def test_no_byte_of_what_was_deleted_stays_and_what_is_in_use_is_named(
    postgres: PostgresServer, postgres_url: str, admin: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    url = make_url(postgres_url).set(username="plain", password="plain")
    database = Database(open_engine(url.render_as_string(hide_password=False)))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for each in (
            "CREATE TABLE person (name text)",
            f"INSERT INTO person SELECT '{CANARY}' FROM generate_series(1, 50)",
            "ANALYZE person",
            "DELETE FROM person",
        ):
            connection.exec_driver_sql(each)
    assert len(holding(postgres, admin)) > 1
    with admin.transaction():
        admin.execute("LOCK TABLE person IN ACCESS SHARE MODE")
        assert scrub_tables(house(database), lock_timeout="1ms") == 1
    assert "public.person" in capsys.readouterr().err
    assert scrub_tables(house(database)) == 0
    assert "2" in capsys.readouterr().out
    database.close()
    assert holding(postgres, admin) == []
