"""P6: more is asked of a service than it can do: what it takes in is answered soon, the rest hears so at once. What it
does is to compute, as the talent service does for a search; or to wait for a slow database.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from threading import Event
from typing import Any

import grpc

from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc
from services.chassis.keys import ensure_local_keys
from services.chassis.rpc.admission import STANDING_SECONDS, WAIT_SECONDS
from services.chassis.rpc.channel import Caller, channel_options, open_channel, signed
from tests.contract.chassis.conftest import House
from tests.contract.chassis.trial import SLOW_SECONDS, contract
from tests.contract.installation import installation, staff_token, start_with_sample
from tests.promises.holding import held_by

MEASURED_SECONDS = 10.0
SETTLING_SECONDS = 2 * STANDING_SECONDS + 2
"""How long a queue stands before it counts as overload, how long it takes to work it off, and a little."""
TIMES = (0.5, 1.0, 2.0, 5.0)
CALLERS = 16
CONNECTIONS = 4
"""Who has more than some hundred calls under way opens another: gRPC's core refuses what is over a thousand on one."""
PATIENCE_SECONDS = 20.0
GOODPUT = 0.5
"""Of the most that a service did, what it still does whatever is asked of it: who asks runs on the same machine."""
ALL_OF_IT = 0.9
MOST_GROWTH = 0.2
_ASK = library_service_pb2.SearchPersonsRequest(query="氢", page_size=50)


@dataclass(frozen=True, slots=True)
class Load:
    """What became of calls that were made at an even pace: by code, and the seconds of those that were answered and of
    those that were turned away.
    """

    codes: Counter[str]
    answered: Sequence[float]
    refused: Sequence[float]


def violations(_seed: int) -> list[str]:
    """Everything that does not hold at half of what the talent service can do, all of it, twice and five times."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        house = installation(directory)
        stack.callback(house.stop)
        start_with_sample(house)
        pid = next(each.process.pid for each in house.running if each.name == "talent")
        given = (house.settings.talent_address, staff_token(house))
        spawned = stack.enter_context(ProcessPoolExecutor(1, get_context("spawn")))
        unloaded = _p99(spawned.submit(_pace, *given, 5.0, 0.0, MEASURED_SECONDS).result().answered)
        most = spawned.submit(_capacity, *given).result()
        before = held_by(pid).kib
        loads = {
            times: spawned.submit(_pace, *given, most * times, SETTLING_SECONDS, MEASURED_SECONDS).result()
            for times in TIMES
        }
        after = _p99(spawned.submit(_pace, *given, 5.0, 0.0, MEASURED_SECONDS).result().answered)
        return list(_judged(most, unloaded, after, loads, held_by(pid).kib / before)) + _waiting(spawned)


def _waiting(spawned: ProcessPoolExecutor) -> list[str]:
    """What does not hold of a server whose calls wait for a slow database, at five times what it can do: there the
    callers take nothing away from it, so that all of it stays.
    """
    with ExitStack() as stack:
        keys = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ensure_local_keys(keys)
        house = House(keys)
        house.start(threads=CALLERS)
        stack.callback(house.stop)
        most = CALLERS / SLOW_SECONDS
        token = house.officer()
        load = spawned.submit(
            _pace, house.address, token, 5 * most, SETTLING_SECONDS, MEASURED_SECONDS, slow=True
        ).result()
    rate, slowest = len(load.answered) / MEASURED_SECONDS, _p99(load.answered)
    sys.stdout.write(
        f"  slow database: {most:.0f} a second; ×5: {rate:.0f}, p99 {slowest * 1000:.0f} ms, refusals "
        f"{_p99(load.refused) * 1000:.0f} ms\n"
    )
    found = [f"slow database: {odd}"] if (odd := set(load.codes) - {"OK", "RESOURCE_EXHAUSTED"}) else []
    if rate < ALL_OF_IT * most:
        found.append(f"slow database: {rate:.0f} a second were answered, of {most:.0f} that can be")
    if slowest > 3 * SLOW_SECONDS:
        found.append(f"slow database: p99 {slowest * 1000:.0f} ms")
    return found


def _judged(
    most: float, unloaded: float, after: float, loads: dict[float, Load], growth: float
) -> Iterator[str]:
    said = f"{most:.0f} a second, p99 {unloaded * 1000:.0f} ms"
    peak = max(len(load.answered) for load in loads.values()) / MEASURED_SECONDS
    for times, load in loads.items():
        rate, slowest = len(load.answered) / MEASURED_SECONDS, _p99(load.answered)
        turned = _p99(load.refused)
        said += (
            f"; ×{times:g}: {rate:.0f} a second, p99 {slowest * 1000:.0f} ms, refusals {turned * 1000:.0f} ms"
        )
        if odd := set(load.codes) - {"OK", "RESOURCE_EXHAUSTED"}:
            yield f"×{times:g}: {odd}"
        if rate < (share := GOODPUT * (times * most if times < 1 else peak)):
            yield f"×{times:g}: {rate:.0f} a second were answered, less than {share:.0f}"
        if times > 1 and slowest > WAIT_SECONDS + 3 * CALLERS * unloaded:
            yield f"×{times:g}: p99 {slowest * 1000:.0f} ms, {unloaded * 1000:.0f} ms unloaded"
        if times > 1 and not load.refused:
            yield f"×{times:g}: nobody was turned away"
    if after > 3 * unloaded:
        yield f"p99 {after * 1000:.0f} ms afterwards, {unloaded * 1000:.0f} ms before"
    if growth > 1 + MOST_GROWTH:
        yield f"the process has grown by {growth - 1:.0%}"
    sys.stdout.write(f"  {said}\n")


def _capacity(address: str, token: str) -> float:
    """Calls a second that as many callers get answered as there are threads, one after the other; on a machine that has
    other work they may be too many already.
    """
    with open_channel(address, token=lambda: token) as channel:
        stub = library_service_pb2_grpc.LibraryServiceStub(channel)
        end = time.monotonic() + MEASURED_SECONDS

        def ask() -> int:
            count = 0
            while time.monotonic() < end:
                call = stub.SearchPersons.future(_ASK)
                if call.exception() is None:
                    count += 1
                elif call.code() is not grpc.StatusCode.RESOURCE_EXHAUSTED:
                    raise RuntimeError(call.code().name)
            return count

        with ThreadPoolExecutor(CALLERS) as threads:
            asking = [threads.submit(ask) for _ in range(CALLERS)]
            return sum(each.result() for each in asking) / MEASURED_SECONDS


def _search(channel: grpc.Channel) -> Callable[[], Any]:
    stub = library_service_pb2_grpc.LibraryServiceStub(channel)
    return lambda: stub.SearchPersons.future(_ASK, timeout=PATIENCE_SECONDS)


def _slow(channel: grpc.Channel) -> Callable[[], Any]:
    messages, stubs = contract()
    stub, ask = stubs.TrialServiceStub(channel), messages.GetRecordRequest(name="records/slow")
    return lambda: stub.GetRecord.future(ask, timeout=PATIENCE_SECONDS)


@contextmanager
def _connections(address: str, token: str) -> Iterator[list[grpc.Channel]]:
    """Channels with a connection of their own each, with the options that ours have."""
    options = [*channel_options(()), ("grpc.use_local_subchannel_pool", 1)]
    with ExitStack() as stack:
        yield [
            signed(
                stack.enter_context(grpc.insecure_channel(address, options=options)),
                Caller(token=lambda: token),
            )
            for _ in range(CONNECTIONS)
        ]


def _pace(
    address: str, token: str, per_second: float, settling: float, measured: float, *, slow: bool = False
) -> Load:
    """Ask so often, whatever becomes of the calls; those of the first seconds are not counted."""
    codes: Counter[str] = Counter()
    answered: list[float] = []
    refused: list[float] = []
    with _connections(address, token) as channels:
        asks = [(_slow if slow else _search)(channel) for channel in channels]
        began = time.monotonic()
        asked: list[Any] = []

        def note(call: Any, at: float) -> None:
            if at < began + settling:
                return
            codes[call.code().name] += 1
            seconds = time.monotonic() - at
            if call.code() is grpc.StatusCode.OK:
                answered.append(seconds)
            elif call.code() is grpc.StatusCode.RESOURCE_EXHAUSTED:
                refused.append(seconds)

        for number in range(int(per_second * (settling + measured))):
            Event().wait(max(0.0, began + number / per_second - time.monotonic()))
            at = time.monotonic()
            if at > began + settling + measured:
                break
            call = asks[number % CONNECTIONS]()
            call.add_done_callback(lambda done, at=at: note(done, at))
            asked.append(call)
        for call in asked:
            call.exception()
    return Load(codes, answered, refused)


def _p99(seconds: Sequence[float]) -> float:
    return sorted(seconds)[len(seconds) * 99 // 100] if seconds else 0.0
