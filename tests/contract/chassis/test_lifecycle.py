"""Start, readiness, a second instance, and the graceful end."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from services.chassis.rpc.health import LIVENESS
from services.chassis.rpc.registration import Service
from services.chassis.rpc.server import Server, ServerOptions
from tests.contract.chassis.conftest import House, code_of
from tests.contract.chassis.trial import NAME, Trial, contract

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
SECONDS = 60.0


def watch(channel: grpc.Channel, name: str, status: int) -> None:
    """Return once the health of `name` is `status`."""
    stub = health_pb2_grpc.HealthStub(channel)
    for update in stub.Watch(health_pb2.HealthCheckRequest(service=name), timeout=SECONDS):
        if update.status == status:
            return


def test_health_needs_no_identity_and_follows_readiness(house: House) -> None:
    with grpc.insecure_channel(house.address) as channel:
        for name in ("", NAME, LIVENESS):
            watch(channel, name, SERVING)
        house.ready = False
        watch(channel, NAME, NOT_SERVING)
        watch(channel, LIVENESS, SERVING)
        house.ready = True
        watch(channel, NAME, SERVING)


def test_a_second_instance_on_the_port_says_so(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.server is not None
    second = Server(ServerOptions(house.address), house.server.services, (), house.server.now)
    assert second.run(signals=False) == 78
    assert house.address in capsys.readouterr().err


def test_a_call_that_runs_is_answered_before_the_end(keys: Path) -> None:
    house, answers, order = House(keys), list[str](), list[str]()
    house.start(grace_seconds=SECONDS)
    with house.stub(house.officer()) as stub:
        ask = contract()[0].GetRecordRequest(name="records/wait")
        waiting = threading.Thread(target=lambda: answers.append(stub.GetRecord(ask).name))
        waiting.start()
        assert house.trial.entered.wait(SECONDS)
        assert house.server is not None
        house.server.on_stop = [lambda: order.append("feeds"), house.trial.release.set]
        house.stop()
        waiting.join(SECONDS)
    assert (answers, order) == (["records/1"], ["feeds"])


def test_a_stream_that_is_open_is_told_of_the_end(house: House) -> None:
    with house.stub(house.officer()) as stub:
        stream = stub.WatchRecords(contract()[0].GetRecordRequest(name="records/1"))
        next(stream)
        assert house.server is not None
        house.server.stop()
        assert code_of(lambda: next(stream)) is grpc.StatusCode.UNAVAILABLE
        assert house.trial.stream_ended.wait(SECONDS)


def test_streams_have_what_the_loops_leave_of_the_end(keys: Path) -> None:
    house, never = House(keys), threading.Event()
    house.start(grace_seconds=SECONDS, end_seconds=1.2)

    def linger() -> None:
        never.wait(1.0)

    with house.stub(house.officer()) as stub:
        stream = stub.WatchRecords(contract()[0].GetRecordRequest(name="records/1"))
        next(stream)
        assert house.server is not None
        house.server.on_stop = [linger]
        began = time.monotonic()
        house.server.stop()
        assert code_of(lambda: next(stream)) is grpc.StatusCode.UNAVAILABLE
        assert (
            1.5 < time.monotonic() - began < 15
        )  # the second for calls, after the loops, and not the whole grace
    house.stop()


def test_the_drain_is_announced_before_anything_stops(keys: Path) -> None:
    house, looked = House(keys), threading.Event()

    def linger() -> None:
        looked.wait(SECONDS)

    house.start(drain_seconds=0.3)
    with grpc.insecure_channel(house.address) as channel, house.stub(house.officer()) as stub:
        watch(channel, NAME, SERVING)
        assert house.server is not None
        house.server.on_stop = [linger]
        house.server.stop()
        watch(channel, NAME, NOT_SERVING)
        assert stub.GetRecord(contract()[0].GetRecordRequest(name="records/1")).name == "records/1"
        looked.set()
    house.stop()


def test_an_upload_of_which_nothing_more_comes_is_given_up(keys: Path) -> None:
    house, ended = House(keys), threading.Event()
    house.start(idle_seconds=0.2)

    def parts() -> Iterator[Any]:
        yield contract()[0].Chunk(data=b"ab")
        ended.wait(SECONDS)

    with house.stub(house.officer()) as stub:
        assert code_of(lambda: stub.ImportRecords(parts())) is grpc.StatusCode.ABORTED
        ended.set()
    house.stop()
    assert house.trial.uploads == []


def test_reflection_is_off_unless_asked_for(house: House, keys: Path) -> None:
    def services(address: str) -> list[str]:
        ask = reflection_pb2.ServerReflectionRequest(list_services="")
        with grpc.insecure_channel(address) as channel:
            stub = reflection_pb2_grpc.ServerReflectionStub(channel)
            answer = next(stub.ServerReflectionInfo(iter([ask])))
            return [each.name for each in answer.list_services_response.service]

    assert code_of(lambda: services(house.address)) is grpc.StatusCode.UNIMPLEMENTED
    open_house = House(keys)
    open_house.start(reflection=True)
    assert NAME in services(open_house.address)
    open_house.stop()


class CoroutineForUnary(Trial):
    async def GetRecord(self, request: object, context: object) -> object:
        return None


class FunctionForStream(Trial):
    def WatchRecords(self, request: object, context: object) -> Any:
        return iter(())


@pytest.mark.parametrize(
    ("servicer", "method"), [(CoroutineForUnary, "GetRecord"), (FunctionForStream, "WatchRecords")]
)
def test_a_handler_of_the_wrong_kind_is_refused_at_start(
    house: House, servicer: type[Trial], method: str
) -> None:
    assert house.server is not None
    service = Service(contract()[1].add_TrialServiceServicer_to_server, servicer(), NAME)
    with pytest.raises(TypeError, match=method):
        Server(ServerOptions("127.0.0.1:0"), [service], (), house.server.now).run(signals=False)


PROGRAM = """
import sys
from datetime import UTC, datetime
from services.chassis.rpc.server import Server, ServerOptions
server = Server(
    ServerOptions("127.0.0.1:0", grace_seconds=0), (), (), lambda: datetime.now(UTC),
    on_start=lambda address: print(address, flush=True), on_stop=[lambda: print("feeds", flush=True)],
)
sys.exit(server.run())
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_in_order(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("127.0.0.1:")
        process.send_signal(number)
        assert process.stdout.read() == "feeds\n"
        assert process.wait(SECONDS) == 0


STUCK = """
import sys, threading
from datetime import UTC, datetime
from services.chassis.process.ending import Ending
from services.chassis.rpc.server import Server, ServerOptions
ending = Ending(0.5)
ending.stand()
server = Server(
    ServerOptions("127.0.0.1:0", grace_seconds=0), (), (), lambda: datetime.now(UTC),
    on_start=lambda address: print(address, flush=True),
    on_stop=[ending.begin, lambda: print("stuck", flush=True), threading.Event().wait],
)
sys.exit(server.run())
"""


def test_a_process_ends_though_something_never_does() -> None:
    with subprocess.Popen([sys.executable, "-c", STUCK], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "stuck\n"
        assert process.wait(SECONDS) == 0
