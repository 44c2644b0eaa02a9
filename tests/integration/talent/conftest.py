"""The talent service's database and use cases, on both engines."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.chassis.storage.db import Database, open_engine
from services.kernel.clock import ManualClock
from services.talent.app import BLUEPRINT
from tests.integration.talent.installed import Talent
from tests.integration.talent.library import Library
from tests.integration.templates import Templates


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database on each engine in turn."""
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/talent.db" if sqlite else str(request.getfixturevalue("postgres_url"))
    opened = Database(open_engine(url, pool_size=12, busy_seconds=120))
    yield opened
    opened.close()


@pytest.fixture
def talent(database: Database, templates: Templates) -> Talent:
    """The same, migrated, with the use cases over it, on 1 July 2026."""
    templates.fill(database, BLUEPRINT)
    return Talent.over(database, ManualClock(datetime(2026, 7, 1, 2, tzinfo=UTC)))


@pytest.fixture
def library(talent: Talent) -> Library:
    """The library of people in it."""
    return Library(talent)
