"""Whole grids of the shortage map through gRPC, against one GROUP BY over the base tables that counts the same.

Asked again, a grid is the answer that was made of the same counts; `after_change` is the first one after a person
was entered: cells, intervals and the message are made anew.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import grpc
from sqlalchemy import Connection, create_engine, text

from bench.harness import Row, Run, interleaved
from bench.talent.counting_sql import counting_statement, prepare
from bench.talent.entering import Entering
from bench.talent.library import filled
from bench.talent.serving import at_rest, serving, settings_for
from bole.talent.v1 import shortage_pb2, shortage_service_pb2_grpc
from bole.talent.v1 import shortage_service_pb2 as wire
from services.catalogue import load
from services.kernel.clock import SystemClock, civil_date

NAMES = ("talent.grid.",)
_FULL = 1_000_000
_CHANGES = 15
_PEER = "one GROUP BY over the base tables"
_BARS = {
    "talent.grid.industry_city.sqlite": 1000.0,
    "talent.grid.industry_city.postgresql": 200.0,
    "talent.grid.leaf.sqlite": 150.0,
    "talent.grid.leaf.postgresql": 30.0,
}
_INDUSTRY, _DIRECTION = shortage_pb2.SHORTAGE_DIMENSION_INDUSTRY, shortage_pb2.SHORTAGE_DIMENSION_DIRECTION
_CITY, _CATEGORY = shortage_pb2.SHORTAGE_DIMENSION_CITY, shortage_pb2.SHORTAGE_DIMENSION_CATEGORY
_REQUESTS = {
    "industry_city": wire.GetShortageGridRequest(rows=_INDUSTRY, columns=_CITY),
    "leaf": wire.GetShortageGridRequest(
        rows=_DIRECTION,
        columns=_CITY,
        layers=_CATEGORY,
        view=shortage_pb2.SHORTAGE_GRID_VIEW_COLUMNS,
    ),
}


def measure(run: Run) -> Iterator[Row]:
    """Both grids on both engines."""
    for engine in ("sqlite", "postgresql"):
        if any(run.wants(name) for name in _BARS if name.endswith(engine)):
            with run.folder() as folder, run.database_urls(folder) as urls:
                yield from _on(run, engine, folder, urls[engine])


def _on(run: Run, engine: str, folder: Path, url: str) -> Iterator[Row]:
    size, today = run.size(_FULL), civil_date(SystemClock().now())
    with (
        filled(url, today, size, size, run.seed) as database,
        serving(settings_for(folder, url)) as channel,
        _alone(url) as connection,
    ):
        at_rest(database)
        prepare(connection, load(), today)
        enter = Entering(channel)
        for kind, request in _REQUESTS.items():
            name = f"talent.grid.{kind}.{engine}"
            if run.wants(name):
                yield from _rows(run, name, size, _Sides(channel, connection, request, kind, today, enter))


@contextmanager
def _alone(url: str) -> Iterator[Connection]:
    """A plain connection that holds no lock between its statements."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


class _Sides:
    """The two that are compared."""

    def __init__(
        self,
        channel: grpc.Channel,
        connection: Connection,
        request: wire.GetShortageGridRequest,
        kind: str,
        today: date,
        enter: Entering,
    ) -> None:
        self._stub = shortage_service_pb2_grpc.ShortageServiceStub(channel)
        self._enter = enter
        self._connection, self._request = connection, request
        self._statement = text(counting_statement(connection.dialect.name, by_leaf=kind == "leaf"))
        self._today = today

    def ours(self) -> Any:
        """The grid with intervals, through gRPC."""
        return self._stub.GetShortageGrid(self._request, timeout=600)

    def after_change(self) -> float:
        """Seconds of the first grid after one more person was entered."""
        self._enter()
        started = time.perf_counter()
        self.ours()
        return time.perf_counter() - started

    def peer(self) -> list[Any]:
        """Open heads and millionths of supply of every cell."""
        return list(self._connection.execute(self._statement, {"today": self._today}).all())

    def check(self) -> int:
        """Assert that the counts are equal in every cell that is shown; how many cells have any."""
        expected = {tuple(row[:-2]): (int(row[-2]), int(row[-1])) for row in self.peer()}
        found = dict(_shown(self.ours()))
        assert found.keys() >= expected.keys()
        for key, (heads, supply) in found.items():
            heads_expected, supply_expected = expected.get(key, (0, 0))
            assert heads == heads_expected, (key, heads, heads_expected)
            assert supply is None or round(supply * 1_000_000) == supply_expected, (
                key,
                supply,
                supply_expected,
            )
        return len(expected)


def _shown(
    answer: wire.GetShortageGridResponse,
) -> Iterator[tuple[tuple[str, ...], tuple[int, float | None]]]:
    if answer.cells:
        for cell in answer.cells:
            supply = cell.supply if cell.HasField("supply") else None
            yield (cell.scope.industry_code, cell.scope.city_code), (cell.open_headcount, supply)
        return
    keys: Iterator[tuple[str, ...]] = (
        (row, column, layer)
        for row in answer.row_codes
        for column in answer.column_codes
        for layer in answer.layer_codes
    )
    numbers = zip(keys, answer.columns.open_headcounts, answer.columns.supplies, strict=True)
    for key, heads, people in numbers:
        yield key, (heads, None if math.isnan(people) else people)


def _rows(run: Run, name: str, size: int, sides: _Sides) -> Iterator[Row]:
    cells = sides.check()
    pair = interleaved(sides.ours, sides.peer, rounds=5, ours_per_round=20)
    changed = [sides.after_change() for _ in range(_CHANGES)]
    assert sides.check() == cells
    note = f"{size:,} people and {size:,} positions; counts of {cells:,} cells equal"
    for row, seconds, kind in (
        (name, pair.ours, "asked again"),
        (
            f"{name}.after_change",
            median(changed),
            f"first answer after a person was entered, {_CHANGES} times",
        ),
    ):
        yield run.row(
            row,
            seconds,
            "s",
            n=size,
            peer=_PEER,
            peer_value=pair.peer,
            bar=_BARS[name],
            note=f"{kind}; {note}",
        )
