"""What funding does without a database: reading a filter, and all checks of a mandate on one case."""

from collections.abc import Iterator

from bench.harness import Row, Run, median_seconds
from services.catalogue import load
from services.chassis.filtering import parse
from services.funding.domain.checks.run import run_checks
from services.funding.store import lists
from tests.unit.funding.cases import case

NAMES = ("funding.filter", "funding.compliance")
_FILTER = (
    'city_code = "苏州" AND (stage = SEED OR stage = STARTUP) '
    'AND industry_code:hydrogen AND founded_date >= "2023-01-01"'
)
_RUNS = 2000


def measure(run: Run) -> Iterator[Row]:
    """Both in microseconds, beside the most they may take."""
    if run.wants("funding.filter"):
        schema = lists.firms(load()).schema
        seconds = median_seconds(lambda: parse(_FILTER, schema), rounds=_RUNS)
        yield _row(run, "funding.filter", seconds, limit=100e-6)
    if run.wants("funding.compliance"):
        judged = case()
        seconds = median_seconds(lambda: run_checks(judged), rounds=_RUNS)
        yield _row(run, "funding.compliance", seconds, limit=1e-3)


def _row(run: Run, name: str, seconds: float, *, limit: float) -> Row:
    return run.row(
        name, seconds * 1e6, "µs", n=_RUNS, peer="the most it may take", peer_value=limit * 1e6, bar=1.0
    )
