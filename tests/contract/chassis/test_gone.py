"""Callers who give up: gRPC lets go of their call whatever is at it, the server lives on, and nothing went wrong."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.contract.chassis.conftest import House
from tests.contract.chassis.trial import NAME, contract
from tests.storm.house import until

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


def counted(house: House, what: str, method: str) -> dict[str | None, float]:
    """How many calls of a method were started, or handled, by the code with which they ended."""
    samples = [each for family in house.metrics.registry.collect() for each in family.samples]
    return {
        each.labels.get("code"): each.value
        for each in samples
        if each.name == f"bole_rpc_{what}_total" and each.labels["method"] == f"{NAME}.{method}"
    }


def test_uploads_that_are_given_up_are_no_errors_of_the_server(house: House) -> None:
    hold = threading.Event()

    def chunks() -> Iterator[Any]:
        yield contract()[0].Chunk(data=b"ab")
        hold.wait(SECONDS)

    with house.stub(house.officer()) as stub:
        begun = [stub.ImportRecords.future(chunks(), timeout=SECONDS) for _ in range(CALLS)]
        assert until(lambda: counted(house, "started", "ImportRecords") == {None: CALLS}, SECONDS)
        for each in begun:
            each.cancel()
        hold.set()
        assert until(lambda: sum(counted(house, "handled", "ImportRecords").values()) == CALLS, SECONDS)
    assert counted(house, "handled", "ImportRecords") == {"CANCELLED": CALLS}
    assert house.trial.uploads == []
