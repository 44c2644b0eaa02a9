"""One database per test, on both engines."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.chassis.feed.feed import Feed
from services.chassis.feed.received import Handler
from services.chassis.log.log import TopicPolicy, open_log
from services.chassis.log.sql_log import SqlLog
from services.chassis.storage.db import Database, open_engine
from services.kernel.clock import ManualClock
from tests.integration.chassis.effects import FEED_TABLES, METADATA, TOPIC, Effects
from tests.integration.chassis.feeding import OTHER, MakeFeed
from tests.integration.chassis.trials import Trial


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database on each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/service.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The same, opened."""
    database = Database(open_engine(database_url, pool_size=8, busy_seconds=120))
    yield database
    database.close()


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands at noon of the first day of 2026."""
    return ManualClock(datetime(2026, 1, 1, 12, tzinfo=UTC))


@pytest.fixture(params=["embedded", "full"])
def trial(request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock) -> Iterator[Trial]:
    embedded = request.param == "embedded"
    url = f"sqlite:///{tmp_path}/log.db" if embedded else str(request.getfixturevalue("kafka").url)
    found = f"sqlite:///{tmp_path}/it.db" if embedded else str(request.getfixturevalue("postgres_url"))
    database = Database(open_engine(found))
    METADATA.create_all(database.engine)
    made = Trial(database, url, open_log(url), f"bole.test-{secrets.token_hex(6)}.v1", clock)
    made.log.ensure_topics({made.topic: TopicPolicy.COMPACT})
    yield made
    made.log.close()
    database.close()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqlLog]:
    """An embedded log with the topics of things and of others."""
    log = SqlLog(tmp_path / "log.db")
    log.ensure_topics({TOPIC: TopicPolicy.COMPACT, OTHER: TopicPolicy.COMPACT})
    yield log
    log.close()


@pytest.fixture
def make_feed(database: Database, log: SqlLog, clock: ManualClock) -> MakeFeed:
    """Feeds of one name, from the log into the database."""
    METADATA.create_all(database.engine)

    def make(handler: Handler | None = None, topics: Sequence[str] = (TOPIC,)) -> Feed:
        return Feed("test", database, log, topics, handler or Effects(), clock, tables=FEED_TABLES)

    return make
