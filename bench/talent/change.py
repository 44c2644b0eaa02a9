"""One person entered through gRPC until the cell is answered anew: at 10,000, 100,000 and 1,000,000 of each.

Entering one after the other into the same cell moves it through its small numbers, so that in some rounds the pattern
of hidden cells changes too: the median is a change like most others, the worst one of those.
"""

import time
from collections.abc import Iterator
from statistics import median

import grpc

from bench.harness import Row, Run
from bench.talent.entering import Entering
from bench.talent.library import filled
from bench.talent.serving import at_rest, serving, settings_for
from bole.talent.v1 import shortage_pb2, shortage_service_pb2_grpc
from bole.talent.v1 import shortage_service_pb2 as wire
from services.kernel.clock import SystemClock, civil_date

NAMES = ("talent.change.",)
_SIZES = (10_000, 100_000, 1_000_000)
_BAR = 0.67
_ROUNDS = 40
_SCOPE = shortage_pb2.ShortageScope(industry_code="hydrogen", city_code="nantong")


def measure(run: Run) -> Iterator[Row]:
    """The change at every size beside the same at the smallest: 1 where the size does not matter."""
    sizes = sorted({run.size(size) for size in _SIZES})
    smallest: float | None = None
    for size in sizes:
        if size != sizes[0] and not run.wants(f"talent.change.{size}"):
            continue
        seconds = _at(run, size)
        middle = median(seconds)
        beside = smallest is not None
        yield run.row(
            f"talent.change.{size}",
            middle,
            "s",
            n=size,
            peer=f"the same at {sizes[0]:,}" if beside else "",
            peer_value=smallest,
            bar=_BAR if beside else None,
            note=f"CreatePerson, then GetShortageCell, {_ROUNDS} times; {size:,} people and as many positions; "
            f"the worst {1000 * max(seconds):.0f} ms",
        )
        smallest = smallest or middle


def _at(run: Run, size: int) -> list[float]:
    with run.folder() as folder:
        url = f"sqlite:///{folder}/bench.db"
        today = civil_date(SystemClock().now())
        with (
            filled(url, today, size, size, run.seed) as database,
            serving(settings_for(folder, url)) as channel,
        ):
            at_rest(database)
            change = _Change(channel)
            change()
            return [_timed(change) for _ in range(_ROUNDS)]


def _timed(change: "_Change") -> float:
    started = time.perf_counter()
    change()
    return time.perf_counter() - started


class _Change:
    """Enters one more person and asks for the cell, which must have them."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._enter = Entering(channel)
        self._map = shortage_service_pb2_grpc.ShortageServiceStub(channel)
        self._supply = self._ask()

    def __call__(self) -> None:
        self._enter()
        supply = self._ask()
        assert supply > self._supply
        self._supply = supply

    def _ask(self) -> float:
        answer = self._map.GetShortageCell(wire.GetShortageCellRequest(scope=_SCOPE), timeout=60)
        return float(answer.cell.supply)
