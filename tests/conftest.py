"""Fixtures for real servers: started when the first test asks, removed when the session ends.

A server that cannot be had fails the test with the reason; nothing is skipped.
"""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer

# How long an example takes says how busy the machine is.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


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
