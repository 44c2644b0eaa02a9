"""The matcher over SQLite and the embedded log, and over PostgreSQL and Kafka."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.chassis.house import House
from services.chassis.log.log import Log, open_log
from services.chassis.storage.db import Database, open_engine
from services.matcher.app import BLUEPRINT
from tests.integration.matcher.installed import Matcher, make_house, prepare
from tests.integration.matcher.producing import OwnTopics, Producer
from tests.integration.templates import Templates


@pytest.fixture(params=["embedded", "full"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Database and log."""
    if request.param == "embedded":
        return f"sqlite:///{tmp_path}/matcher.db", f"sqlite:///{tmp_path}/log.db"
    return str(request.getfixturevalue("postgres_url")), str(request.getfixturevalue("kafka").url)


@pytest.fixture
def database(urls: tuple[str, str], templates: Templates) -> Iterator[Database]:
    opened = Database(open_engine(urls[0], pool_size=8, busy_seconds=120))
    templates.fill(opened, BLUEPRINT)
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
