"""Fixtures for real servers: started when the first test asks, removed when the session ends.

A server that cannot be had fails the test with the reason; nothing is skipped.
"""

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.compiling import compile_once
from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer
from tests.servers.workspace import shelf, work_in_memory
from tests.workers import FileByFile, read_from_the_end

PROXIES = ("http_proxy", "https_proxy", "grpc_proxy", "all_proxy")

# The same examples in every run, however busy the machine is; `--hypothesis-profile=searching` looks for new ones.
_searching = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("searching", _searching)
settings.register_profile("settled", _searching, derandomize=True)
settings.load_profile("settled")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Commands write as they do into a pipe, whatever terminal the tests are started from; an installation that the
    environment sets up, or a context of `bole`, is not looked at, nor a proxy asked; files lie in memory.
    """
    ours = [name for name in os.environ if name.startswith("BOLE_")]
    for name in ("COLUMNS", "LINES", *PROXIES, *map(str.upper, PROXIES), *ours):
        os.environ.pop(name, None)
    os.environ["XDG_CONFIG_HOME"] = str(Path(__file__).parents[1] / "var" / "no-configuration")
    # all before the workers start, who find them in their environment
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # linear algebra has one thread, as in the services
    if (memory := work_in_memory()) is not None and config.option.basetemp is None:
        config.option.basetemp = memory / "pytest"  # short: paths of sockets have 107 bytes
    shelf()
    compile_once()


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """What is collected stays to the end: the collector need not look through it again and again, nor meanwhile."""
    gc.disable()
    read_from_the_end(session.config)
    found = yield
    gc.collect()
    gc.freeze()
    gc.enable()
    return found


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileByFile:
    """`-n` shares the tests as their fixtures want it."""
    return FileByFile(config, log)


@pytest.fixture
def behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment like that of many companies, with a proxy that does not answer."""
    for name in PROXIES:
        monkeypatch.setenv(name, "http://127.0.0.1:9")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The session's PostgreSQL server, fsync off: a test that kills one starts its own, durable one."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """SQLAlchemy URL of an empty database that only this test uses."""
    name = postgres.create_database()
    yield postgres.database_url(name)
    postgres.drop_database(name)


@pytest.fixture(scope="session")
def kafka() -> Iterator[KafkaServer]:
    """The session's Kafka broker; topics are shared by all tests, so name them uniquely."""
    with KafkaServer() as server:
        yield server
