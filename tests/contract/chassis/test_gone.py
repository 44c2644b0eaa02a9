"""Callers who give up while a thread is at their call: gRPC has let go of it by then, and the server lives on."""

import threading
from datetime import UTC, datetime
from pathlib import Path

from tests.contract.chassis.conftest import House
from tests.contract.chassis.trial import contract

SECONDS = 60.0
CALLS = 20
"""By then the event loop has done all that it does about a call that was given up before them."""


class Holding:
    """A clock that holds the first thread, other than the event loop's, that asks what time it is."""

    def __init__(self) -> None:
        self.entered, self.release = threading.Event(), threading.Event()
        self.loop: int | None = None

    def __call__(self) -> datetime:
        asking = threading.get_ident()
        self.loop = self.loop or asking  # the loop asks first: when the call arrives
        if asking != self.loop and not self.entered.is_set():
            self.entered.set()
            self.release.wait(SECONDS)
        return datetime.now(UTC)


def test_a_server_outlives_callers_who_give_up_while_a_thread_looks_at_their_call(keys: Path) -> None:
    clock, ask = Holding(), contract()[0].GetRecordRequest(name="records/1")
    house = House(keys, now=clock)
    house.start()
    try:
        with house.stub(house.officer()) as stub, house.stub() as nobody:
            given_up = nobody.GetRecord.future(ask, timeout=SECONDS)
            assert clock.entered.wait(SECONDS)
            given_up.cancel()
            assert [stub.GetRecord(ask).name for _ in range(CALLS)] == ["records/1"] * CALLS
            clock.release.set()
            assert [stub.GetRecord(ask).name for _ in range(CALLS)] == ["records/1"] * CALLS
    finally:
        clock.release.set()
        house.stop()
