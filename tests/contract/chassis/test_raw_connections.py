"""What no gRPC client sends: broken headers, requests that never come whole, floods of streams."""

import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from tests.contract.chassis.conftest import House, code_of
from tests.contract.chassis.raw import message, raw
from tests.contract.chassis.trial import NAME, contract

GET, WATCH, IMPORT = (f"/{NAME}/{method}" for method in ("GetRecord", "WatchRecords", "ImportRecords"))
SECONDS = 60.0


@pytest.fixture(scope="module")
def patient(keys: Path) -> Iterator[House]:
    """A server that waits as long as the product does."""
    made = House(keys)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def hasty(keys: Path) -> Iterator[House]:
    """A server that waits a fifth of a second for what should come."""
    made = House(keys)
    made.start(idle_seconds=0.2)
    yield made
    made.stop()


def body(name: str = "records/1") -> bytes:
    return message(contract()[0].GetRecordRequest(name=name).SerializeToString())


def bearer(house: House) -> tuple[str, str]:
    return "authorization", f"Bearer {house.officer()}"


def status(house: House, data: bytes, *headers: tuple[str, str], method: str = GET, last: bool = True) -> str:
    """The gRPC status of one call on a connection of its own."""
    with raw(house.address) as connection:
        stream = connection.begin(method, [bearer(house), *headers])
        connection.data(stream, data, last=last)
        return connection.answer(stream)["grpc-status"]


def code(status_code: grpc.StatusCode) -> str:
    number, _ = status_code.value
    return str(number)


def answers_others(house: House) -> None:
    with house.stub(house.officer()) as stub:
        assert stub.GetRecord(contract()[0].GetRecordRequest(name="records/1")).name == "records/1"


def test_two_credentials_are_none(patient: House) -> None:
    assert status(patient, body()) == code(grpc.StatusCode.OK)
    assert status(patient, body(), bearer(patient)) == code(grpc.StatusCode.UNAUTHENTICATED)


def test_a_binary_header_that_is_no_base64_never_reaches_a_handler(patient: House) -> None:
    """gRPC's core answers it, by INTERNAL and with the name of the header, before any code of ours is asked."""
    seen = len(patient.trial.calls)
    with raw(patient.address) as connection:
        stream = connection.begin(GET, [bearer(patient), ("x-trace-bin", "!!!")])
        connection.data(stream, body(), last=True)
        answer = connection.answer(stream)
        assert answer["grpc-status"] == code(grpc.StatusCode.INTERNAL)
        assert "x-trace-bin" in answer["grpc-message"]
        assert len(patient.trial.calls) == seen
        stream = connection.begin(GET, [bearer(patient)])
        connection.data(stream, body(), last=True)
        assert connection.answer(stream)["grpc-status"] == code(grpc.StatusCode.OK)
    answers_others(patient)


@pytest.mark.parametrize("method", [GET, WATCH])
@pytest.mark.parametrize("data", [body()[:-3], b"\0\0", b""], ids=["half", "no-length", "nothing"])
def test_a_request_that_ends_too_early_is_the_callers_error(patient: House, method: str, data: bytes) -> None:
    assert status(patient, data, method=method) == code(grpc.StatusCode.INVALID_ARGUMENT)


@pytest.mark.parametrize("method", [GET, WATCH, IMPORT])
@pytest.mark.parametrize("data", [body()[:-3], b""], ids=["half", "nothing"])
def test_a_request_that_never_comes_whole_is_given_up(hasty: House, method: str, data: bytes) -> None:
    assert status(hasty, data, method=method, last=False) == code(grpc.StatusCode.ABORTED)


def test_a_megabyte_that_inflates_to_a_gigabyte_is_refused_in_little_memory(patient: House) -> None:
    piece = _zeros_deflated()
    gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + piece * 1024 + b"\x03\0" + bytes(8)
    assert len(gzip) < 1_100_000
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _most_memory()
    with raw(patient.address) as connection:
        stream = connection.begin(GET, [bearer(patient), ("grpc-encoding", "gzip")])
        connection.data_in_turns(stream, b"\1" + len(gzip).to_bytes(4, "big") + gzip)
        assert connection.answer(stream)["grpc-status"] == code(grpc.StatusCode.RESOURCE_EXHAUSTED)
    assert _most_memory() - before < 64 * 1024
    answers_others(patient)


def _zeros_deflated() -> bytes:
    """A megabyte of zeros that may stand any number of times in a deflated stream."""
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packing.compress(bytes(1024 * 1024)) + packing.flush(zlib.Z_FULL_FLUSH)


def _most_memory() -> int:
    """The most that this process has had since it was last asked to forget it, in KB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


def test_a_request_without_an_end_is_answered(patient: House) -> None:
    assert status(patient, body(), last=False) == code(grpc.StatusCode.OK)


def test_an_upload_by_drops_is_given_up(hasty: House) -> None:
    ended = threading.Event()

    def drops() -> Iterator[Any]:
        while not ended.wait(0.02):
            yield contract()[0].Chunk(data=b"a")

    with hasty.stub(hasty.officer()) as stub:
        assert code_of(lambda: stub.ImportRecords(drops())) is grpc.StatusCode.ABORTED
        ended.set()


def test_no_connection_may_hold_more_than_a_thousand_streams(patient: House) -> None:
    with raw(patient.address) as connection:
        assert connection.until(lambda: bool(connection.events))
        assert connection.most_streams == 1_000


@pytest.mark.parametrize("taken_back", [False, True], ids=["held", "reset"])
def test_ten_thousand_streams_of_one_caller_do_not_hinder_others(patient: House, taken_back: bool) -> None:
    with raw(patient.address) as connection:
        connection.flood(10_000, GET, [bearer(patient)], taken_back=taken_back)
        answers_others(patient)
    answers_others(patient)


def test_a_call_outlives_the_age_of_its_connection(keys: Path) -> None:
    house, answers, states = House(keys), list[str](), list[grpc.ChannelConnectivity]()
    house.start(connection_seconds=0.1)
    ask = contract()[0].GetRecordRequest(name="records/wait")

    with grpc.insecure_channel(house.address) as channel:
        channel.subscribe(states.append)
        call = contract()[1].TrialServiceStub(channel).GetRecord
        waiting = threading.Thread(target=lambda: answers.append(_ask(call, ask, house)))
        waiting.start()
        assert house.trial.entered.wait(SECONDS)
        while states[-1:] != [grpc.ChannelConnectivity.IDLE]:  # the connection takes no more calls
            threading.Event().wait(0.01)
        house.trial.release.set()
        waiting.join(SECONDS)
    house.stop()
    assert answers == ["records/1"]


def _ask(call: Any, request: Any, house: House) -> str:
    return str(call(request, metadata=[bearer(house)]).name)
