"""P16: one partner asks fifty times as much as it may, nine others what they need: it gets its rate, they get all."""

import gc
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import grpc

from services.chassis.identity.partner_keys import new_partner_key
from services.chassis.keys import ensure_local_keys
from services.chassis.quotas import Quota, Quotas
from tests.contract.chassis.conftest import House
from tests.contract.chassis.trial import contract

PER_SECOND, AT_ONCE = 10.0, 10
OTHERS, THEIR_PER_SECOND = 9, 5.0
NOISE = 50
_AT_A_TIME = 8
TOLERANCE = 0.05
SLOWER, SLACK_SECONDS = 1.2, 0.05
"""How much longer the others may wait at the 99th percentile than without the noise."""


@dataclass
class _Caller:
    """Calls at an even pace, whatever becomes of them."""

    stub: Any
    granted: int = 0
    refused: int = 0
    odd: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def run(self, per_second: float, during: float) -> None:
        """Ask so often for so long; a call that comes late is made at once."""
        ask, began = contract()[0].GetRecordRequest(name="records/1"), time.monotonic()
        for number in range(int(per_second * during)):
            threading.Event().wait(max(0.0, began + number / per_second - time.monotonic()))
            if time.monotonic() > began + during:
                return
            self._one(ask)

    def _one(self, ask: Any) -> None:
        asked = time.monotonic()
        try:
            self.stub.GetRecord(ask)
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED:
                self.refused += 1
            else:
                self.odd.append(f"{error.code()} {error.details()}")
            return
        self.granted += 1
        self.seconds.append(time.monotonic() - asked)


@dataclass(frozen=True, slots=True)
class _Counts:
    """What one got, and the seconds of each call that was granted."""

    granted: int
    refused: int
    odd: list[str]
    seconds: list[float]


def violations(_seed: int, during: float) -> list[str]:
    """Everything that does not hold after so many seconds without the noise and as many with it."""
    with ExitStack() as stack:
        keys = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ensure_local_keys(keys)
        house = House(keys, quotas=Quotas(Quota(PER_SECOND, AT_ONCE)))
        house.start()
        stack.callback(house.stop)
        # As a service that has started: what this process holds beside is not looked through again and again.
        gc.collect()
        gc.freeze()
        stack.callback(gc.unfreeze)
        # In processes of their own: what it costs to ask must not slow down the service and one another.
        others, noise = (stack.enter_context(ProcessPoolExecutor(1, get_context("spawn"))) for _ in range(2))
        theirs = [_key(house, number) for number in range(OTHERS)]
        calm = others.submit(_need, house.address, theirs, during).result()
        noise.submit(_noise, house.address, "", 0.0).result()
        noisy = noise.submit(_noise, house.address, _key(house, OTHERS), during)
        loud = others.submit(_need, house.address, theirs, during).result()
        return [*_others(calm), *_others(loud), *_slower(calm, loud), *_noisy(noisy.result(), during)]


def _key(house: House, number: int) -> str:
    key, kept = new_partner_key(b"pepper", f"key{number:02d}", f"partner-{number}")
    house.partners[f"key{number:02d}"] = kept
    return key


def _noise(address: str, key: str, during: float) -> _Counts:
    """Ask far too often for so long; the first time only to be there."""
    with House(Path(), address=address).stub(partner_key=lambda: key) as stub:
        noisy = _Caller(stub)
        with ThreadPoolExecutor(_AT_A_TIME) as threads:
            for running in [
                threads.submit(noisy.run, PER_SECOND * NOISE / _AT_A_TIME, during) for _ in range(_AT_A_TIME)
            ]:
                running.result()
    return _counts(noisy)


def _need(address: str, keys: Sequence[str], during: float) -> list[_Counts]:
    """Everybody asks for what he needs for so long."""
    house = House(Path(), address=address)
    with ExitStack() as stack, ThreadPoolExecutor(len(keys)) as threads:
        callers = [_Caller(stack.enter_context(house.stub(partner_key=lambda key=key: key))) for key in keys]
        for running in [threads.submit(each.run, THEIR_PER_SECOND, during) for each in callers]:
            running.result()
    return [_counts(each) for each in callers]


def _counts(caller: _Caller) -> _Counts:
    return _Counts(caller.granted, caller.refused, caller.odd, caller.seconds)


def _others(callers: list[_Counts]) -> list[str]:
    found = [said for each in callers for said in each.odd]
    refused = sum(each.refused for each in callers)
    return found + ([f"{refused} calls of others were refused"] if refused else [])


def _slower(calm: list[_Counts], loud: list[_Counts]) -> list[str]:
    usual, found = (_p99(each) for each in (calm, loud))
    slower = found > SLOWER * usual + SLACK_SECONDS
    return [f"others: p99 {found * 1000:.0f} ms, {usual * 1000:.0f} ms without the noise"] if slower else []


def _p99(callers: list[_Counts]) -> float:
    seconds = sorted(second for each in callers for second in each.seconds)
    return seconds[len(seconds) * 99 // 100]


def _noisy(noisy: _Counts, during: float) -> list[str]:
    expected = AT_ONCE + PER_SECOND * during
    found = list(noisy.odd)
    if abs(noisy.granted - expected) > TOLERANCE * expected:
        found.append(f"the noisy one got {noisy.granted} calls, not {expected:.0f}")
    if not noisy.refused:
        found.append("the noisy one was never refused")
    return found
