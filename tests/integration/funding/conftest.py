"""The funding service's database and use cases, on both engines."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.catalogue import load
from services.chassis.db import Database, open_engine
from services.chassis.journal import Journal
from services.funding.app import BLUEPRINT
from services.funding.service.deals import Deals
from services.funding.service.importing import FundingImport
from services.funding.store.mapping import map_aggregates
from services.funding.store.schema import shared
from services.kernel.clock import ManualClock
from services.kernel.ids import TimeOrderedIds
from services.sample import write_sample
from tests.integration.funding.installed import Funding
from tests.integration.templates import Templates


@pytest.fixture(scope="session")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The small sample, as a file."""
    path = tmp_path_factory.mktemp("sample") / "sample.xlsx"
    write_sample(path, "small")
    return path.read_bytes()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database on each engine in turn."""
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/funding.db" if sqlite else str(request.getfixturevalue("postgres_url"))
    opened = Database(open_engine(url, pool_size=12, busy_seconds=20))
    yield opened
    opened.close()


@pytest.fixture
def funding(database: Database, templates: Templates) -> Funding:
    """The same, migrated, with the use cases over it, on 1 July 2026."""
    map_aggregates()
    templates.fill(database, BLUEPRINT)
    clock = ManualClock(datetime(2026, 7, 1, 2, tzinfo=UTC))
    ids = TimeOrderedIds(clock)
    journal = Journal(shared.history, shared.outbox, "/bole/funding", ids, clock)
    return Funding(database, clock, Deals(journal, clock, ids), FundingImport(load(), journal, clock, ids))
