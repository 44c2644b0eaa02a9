"""The matcher over SQLite and the embedded log, and over PostgreSQL and Kafka."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.chassis.db import Database
from services.chassis.house import House
from services.chassis.log import Log, open_log
from tests.integration.matcher.installed import Matcher, make_house, open_database, prepare
from tests.integration.matcher.producing import OwnTopics, Producer


@pytest.fixture(params=["embedded", "full"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Database and log."""
    if request.param == "embedded":
        return f"sqlite:///{tmp_path}/matcher.db", f"sqlite:///{tmp_path}/log.db"
    return str(request.getfixturevalue("postgres_url")), str(request.getfixturevalue("kafka").url)


@pytest.fixture
def database(urls: tuple[str, str]) -> Iterator[Database]:
    opened = open_database(urls[0])
    yield opened
    opened.close()


@pytest.fixture
def log(urls: tuple[str, str]) -> Iterator[Log]:
    opened = OwnTopics(open_log(urls[1]), secrets.token_hex(4))
    yield prepare(opened)
    opened.close()


@pytest.fixture
def house(tmp_path: Path, database: Database, log: Log) -> House:
    return make_house(tmp_path, database, log)


@pytest.fixture
def matcher(house: House) -> Iterator[Matcher]:
    made = Matcher.over(house)
    yield made
    made.end()


@pytest.fixture
def producer(house: House) -> Producer:
    return Producer(house.log, house.settings.keys_dir, house.clock)
