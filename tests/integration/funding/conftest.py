"""The funding service's database and use cases, on both engines."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.catalogue import load
from services.chassis.storage.db import Database, open_engine
from services.funding.app import BLUEPRINT
from services.funding.service.deals.screening.keeping import Keeper
from services.funding.service.deals.screening.rows import RowMaker
from services.sample import write_sample
from tests.integration.funding.installed import Funding
from tests.integration.funding.screening import Kept
from tests.integration.templates import Stock, Templates

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
BEFORE = NOW - timedelta(seconds=1)


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
    opened = Database(open_engine(url, pool_size=12, busy_seconds=120))
    yield opened
    opened.close()


@pytest.fixture
def funding(database: Database, templates: Templates) -> Funding:
    """The same, migrated, with the use cases over it, on 1 July 2026."""
    templates.fill(database, BLUEPRINT)
    return Funding.over(database, NOW)


@pytest.fixture
def sample(workbook: bytes) -> Stock:
    """The good rows of the sample, imported a moment before."""
    return Stock("sample", lambda database: Funding.over(database, BEFORE).load(workbook))


@pytest.fixture
def stocked(database: Database, templates: Templates, sample: Stock) -> Funding:
    """As `funding`, with the sample in it."""
    templates.fill(database, BLUEPRINT, sample)
    return Funding.over(database, NOW)


@pytest.fixture
def screening(database: Database, templates: Templates, workbook: bytes) -> Funding:
    """As `stocked`, and screenings have been kept from the first change on."""

    kept = Stock("screening", lambda empty: _keeping(Funding.over(empty, BEFORE)).load(workbook))
    templates.fill(database, BLUEPRINT, kept)
    return _keeping(Funding.over(database, NOW))


@pytest.fixture
def kept(screening: Funding) -> Kept:
    """Questions to the kept screenings."""
    return Kept.over(screening)


def _keeping(funding: Funding) -> Funding:
    Keeper(RowMaker(load()), funding.clock).attach(funding.database)
    return funding
