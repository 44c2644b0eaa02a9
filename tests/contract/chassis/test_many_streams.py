"""Several thousand subscribers that come in one moment, as after a restart: every one of them is served."""

import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import grpc

from services.chassis.rpc.server import STREAMS_A_CONNECTION
from tests.contract.chassis.conftest import House
from tests.contract.chassis.trial import contract

STREAMS = 3_500
"""More than gRPC's core lets wait of its own accord: from 1,000 on it ends some, from 3,000 on every further one."""
SECONDS = 60.0
SENT_SECONDS = 3.0
OWN_CONNECTION = (("grpc.use_local_subchannel_pool", 1),)


def outcome(call: Any) -> str:
    """What came first on a stream: a record, or why there is none."""
    try:
        return str(next(call).name)
    except grpc.RpcError as error:
        failed: Any = error
        return str(failed.code())


def test_streams_that_all_come_while_the_server_is_busy_are_all_begun(keys: Path) -> None:
    house, messages = House(keys), contract()[0]
    # How long a queue may be is another matter: here nobody is turned away for that.
    house.start(wait_seconds=float("inf"))
    signed = (("authorization", f"Bearer {house.officer()}"),)

    def watched(stub: Any, name: str) -> Any:
        return stub.WatchRecords(messages.GetRecordRequest(name=name), metadata=signed)

    try:
        with ExitStack() as stack:
            stubs = [
                contract()[1].TrialServiceStub(
                    stack.enter_context(grpc.insecure_channel(house.address, options=OWN_CONNECTION))
                )
                for _ in range(STREAMS // STREAMS_A_CONNECTION + 1)
            ]
            before = [watched(stub, "records/1") for stub in stubs]
            assert {outcome(call) for call in before} == {"records/1"}
            busy = watched(stubs[0], "records/busy")
            assert outcome(busy) == "records/1"
            assert house.trial.entered.wait(SECONDS)
            calls = [watched(stubs[number % len(stubs)], "records/1") for number in range(STREAMS)]
            # Nothing on this side says that a call has reached the core of the other.
            time.sleep(SENT_SECONDS)
            house.trial.release.set()
            outcomes = Counter(map(outcome, calls))
            for call in (*before, busy, *calls):
                call.cancel()
    finally:
        house.trial.release.set()
        house.stop()
    assert outcomes == {"records/1": STREAMS}
