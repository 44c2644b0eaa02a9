"""P16: one partner asks fifty times as much as it may, nine others what they need: it gets its rate, they get all."""

import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc

from services.chassis.keys import ensure_local_keys
from services.chassis.partner_keys import new_partner_key
from services.chassis.quotas import Quota, Quotas
from tests.contract.chassis.conftest import House
from tests.contract.chassis.trial import contract

PER_SECOND, AT_ONCE = 20.0, 20
OTHERS, THEIR_PER_SECOND = 9, 5.0
NOISE = 50
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


def violations(_seed: int, during: float) -> list[str]:
    """Everything that does not hold after so many seconds without the noise and as many with it."""
    with ExitStack() as stack:
        keys = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ensure_local_keys(keys)
        house = House(keys, quotas=Quotas(Quota(PER_SECOND, AT_ONCE)))
        house.start()
        stack.callback(house.stop)
        stubs = [stack.enter_context(_partner(house, number)) for number in range(OTHERS + 1)]
        calm = _together([_Caller(stub) for stub in stubs[1:]], None, during)
        noisy = _Caller(stubs[0])
        loud = _together([_Caller(stub) for stub in stubs[1:]], noisy, during)
        return [*_others(calm), *_others(loud), *_slower(calm, loud), *_noisy(noisy, during)]


def _partner(house: House, number: int) -> Any:
    key, kept = new_partner_key(b"pepper", f"key{number:02d}", f"partner-{number}")
    house.partners[f"key{number:02d}"] = kept
    return house.stub(partner_key=lambda: key)


def _together(others: list[_Caller], noisy: _Caller | None, during: float) -> list[_Caller]:
    with ThreadPoolExecutor(len(others) + 1) as threads:
        running = [threads.submit(each.run, THEIR_PER_SECOND, during) for each in others]
        if noisy is not None:
            running.append(threads.submit(noisy.run, PER_SECOND * NOISE, during))
        for each in running:
            each.result()
    return others


def _others(callers: list[_Caller]) -> list[str]:
    found = [said for each in callers for said in each.odd]
    refused = sum(each.refused for each in callers)
    return found + ([f"{refused} calls of others were refused"] if refused else [])


def _slower(calm: list[_Caller], loud: list[_Caller]) -> list[str]:
    usual, found = (_p99(each) for each in (calm, loud))
    slower = found > SLOWER * usual + SLACK_SECONDS
    return [f"others: p99 {found * 1000:.0f} ms, {usual * 1000:.0f} ms without the noise"] if slower else []


def _p99(callers: list[_Caller]) -> float:
    seconds = sorted(second for each in callers for second in each.seconds)
    return seconds[len(seconds) * 99 // 100]


def _noisy(noisy: _Caller, during: float) -> list[str]:
    expected = AT_ONCE + PER_SECOND * during
    found = list(noisy.odd)
    if abs(noisy.granted - expected) > TOLERANCE * expected:
        found.append(f"the noisy one got {noisy.granted} calls, not {expected:.0f}")
    if not noisy.refused:
        found.append("the noisy one was never refused")
    return found
