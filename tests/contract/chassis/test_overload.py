"""More calls than a server can do: those that would only wait hear so at once, and it goes on when they stop."""

import threading
from pathlib import Path
from typing import Any

import grpc

from services.chassis.rpc.failures import Failure, read_failure
from tests.contract.chassis.conftest import House
from tests.contract.chassis.trial import contract

SECONDS = 60.0
ASK = contract()[0].GetRecordRequest(name="records/1")


def failure_of(call: Any) -> Failure | None:
    """How a call failed that has ended."""
    return read_failure(call) if call.code() is not grpc.StatusCode.OK else None


def turned_away(stub: Any) -> tuple[Failure, str]:
    """Ask once more after the other, until one is turned away; how it failed, and what gRPC is told to wait."""
    asked: list[Any] = []
    while True:
        asked.append(stub.GetRecord.future(ASK, timeout=SECONDS))
        threading.Event().wait(0.01)
        for each in asked:
            if each.done() and (failure := failure_of(each)):
                return failure, dict(each.trailing_metadata())["grpc-retry-pushback-ms"]


def test_who_would_only_wait_is_turned_away_at_once_until_the_queue_is_empty(keys: Path) -> None:
    house = House(keys)
    house.start(threads=1, standing_seconds=0.0, wait_seconds=0.0)
    try:
        with house.stub(house.officer()) as stub:
            held = stub.GetRecord.future(contract()[0].GetRecordRequest(name="records/wait"))
            assert house.trial.entered.wait(SECONDS)
            failure, wait = turned_away(stub)
            house.trial.release.set()
            assert held.result(SECONDS).name == "records/1"
            while True:
                again = stub.GetRecord.future(ASK, timeout=SECONDS)
                again.exception(SECONDS)
                if failure_of(again) is None:
                    break
    finally:
        house.trial.release.set()
        house.stop()
    assert (failure.code, failure.reason) == ("RESOURCE_EXHAUSTED", "OVERLOADED")
    assert (failure.retry_seconds, wait) == (1, "1000")
    assert "繁忙" in failure.text.zh
