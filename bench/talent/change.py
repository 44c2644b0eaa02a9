"""One person entered through gRPC until the cell is answered anew: at 10,000, 100,000 and 1,000,000 of each."""

from collections.abc import Iterator

import grpc

from bench.harness import Row, Run, median_seconds
from bench.talent.entering import Entering
from bench.talent.library import filled
from bench.talent.serving import serving, settings_for
from bole.talent.v1 import shortage_pb2, shortage_service_pb2_grpc
from bole.talent.v1 import shortage_service_pb2 as wire
from services.kernel.clock import SystemClock, civil_date

NAMES = ("talent.change",)
_SIZES = (10_000, 100_000, 1_000_000)
_ROUNDS = 30
_SCOPE = shortage_pb2.ShortageScope(industry_code="hydrogen", city_code="nantong")


def measure(run: Run) -> Iterator[Row]:
    """The change at the largest size beside the same at the smallest: 1 where the size does not matter."""
    sizes = sorted({run.size(size) for size in _SIZES})
    seconds = {size: _at(run, size) for size in sizes}
    listed = ", ".join(f"{size:,}: {1000 * each:.1f} ms" for size, each in seconds.items())
    yield run.row(
        NAMES[0],
        seconds[sizes[-1]],
        "s",
        n=sizes[-1],
        peer=f"the same at {sizes[0]:,}",
        peer_value=seconds[sizes[0]],
        bar=0.67,
        note=f"CreatePerson, then GetShortageCell; people and positions each {listed}",
    )


def _at(run: Run, size: int) -> float:
    with run.folder() as folder:
        url = f"sqlite:///{folder}/bench.db"
        today = civil_date(SystemClock().now())
        with filled(url, today, size, size, run.seed), serving(settings_for(folder, url)) as channel:
            return median_seconds(_Change(channel), rounds=_ROUNDS)


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
