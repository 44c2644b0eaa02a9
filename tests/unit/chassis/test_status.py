import errno
import logging
from typing import Any

import grpc
import pytest
from google.rpc.status_pb2 import Status
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.configuration import ConfigurationError
from services.chassis.rpc.call import current_call, expired
from services.chassis.rpc.failures import read_failure
from services.chassis.rpc.shortages import as_unavailable
from services.chassis.rpc.status import CODES, DETAILS_KEY, Repeated, status_code, to_status
from services.kernel import errors
from services.kernel.errors import InvalidArgument, Violation
from services.kernel.text import Text


class FailedCall(grpc.RpcError):
    """What a channel raises for a status."""

    def __init__(self, error: Exception) -> None:
        self._status = to_status(error, "r1")

    def code(self) -> grpc.StatusCode:
        return next(code for code in grpc.StatusCode if code.value[0] == self._status.code)

    def trailing_metadata(self) -> Any:
        return ((DETAILS_KEY, self._status.SerializeToString()),)


def test_every_error_of_the_tree_has_a_status() -> None:
    leaves = {each for each in vars(errors).values() if isinstance(each, type)}
    leaves = {each for each in leaves if issubclass(each, errors.BoleError) and each is not errors.BoleError}
    assert leaves <= set(CODES)
    assert len(set(CODES.values())) == len(CODES)


def test_errors_outside_the_tree_are_internal(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        told = read_failure(FailedCall(ConfigurationError("BOLE_X", "坏", "bad")))
    assert (told.code, told.request_id) == ("INTERNAL", "r1")
    assert "BOLE_X" not in repr(told)
    assert caplog.records[0].exc_info
    assert status_code(KeyError()) is grpc.StatusCode.INTERNAL
    assert status_code(expired()) is grpc.StatusCode.DEADLINE_EXCEEDED


@pytest.mark.parametrize(
    "error",
    [OSError(errno.EMFILE, "Too many open files"), OSError(errno.ENOSPC, "No space left"), MemoryError()],
)
def test_a_machine_that_is_short_of_something_is_unavailable(error: Exception) -> None:
    told = as_unavailable(error)
    assert status_code(told) is grpc.StatusCode.UNAVAILABLE
    assert read_failure(FailedCall(told)).reason == "OUT_OF_RESOURCES"


@pytest.mark.parametrize("error", [FileNotFoundError(errno.ENOENT, "No such file"), KeyError()])
def test_what_is_no_shortage_stays_what_it_is(error: Exception) -> None:
    assert as_unavailable(error) is error


@given(
    st.lists(
        st.builds(Violation, st.text(max_size=50), st.just("R"), st.builds(Text, st.text(), st.text())),
        max_size=80,
    ),
    st.dictionaries(st.text(max_size=10), st.text(max_size=3000), max_size=20),
)
def test_a_status_fits_into_the_trailer(violations: list[Violation], metadata: dict[str, str]) -> None:
    long = Text("长" * 5_000, "long " * 5_000)
    status = to_status(InvalidArgument(long, violations=violations, metadata=metadata), "r1")
    assert status.ByteSize() <= 6_000


def test_a_status_that_many_are_told_is_the_same_but_for_the_request_id() -> None:
    text = Text("服务繁忙", "the service is overloaded")
    error = errors.ResourceExhausted(text, reason="OVERLOADED", metadata={"retry_after_ms": "1500"})
    told = Repeated(error)
    for request_id in ("r1", "r2"):
        assert Status.FromString(told.encoded(request_id)) == to_status(error, request_id)


def test_violations_that_do_not_fit_are_counted() -> None:
    text = Text("必填" * 20, "required " * 20)
    error = InvalidArgument.of(*(Violation(f"f{number}", "REQUIRED", text) for number in range(50)))
    told = read_failure(FailedCall(error))
    *kept, more = told.violations
    assert kept[0] == Violation("f0", "REQUIRED", text)
    assert more.text.en == f"and {50 - len(kept)} more"
    assert (told.reason, told.request_id) == ("REQUIRED", "r1")


def test_a_bare_status_still_has_words() -> None:
    class Bare(grpc.RpcError):
        def code(self) -> grpc.StatusCode:
            return grpc.StatusCode.UNAVAILABLE

        def trailing_metadata(self) -> Any:
            return None

    assert read_failure(Bare()).text.zh.startswith("服务暂不可用")
    assert read_failure(grpc.RpcError()).code == "UNKNOWN"


def test_outside_of_a_handler_there_is_no_call() -> None:
    with pytest.raises(LookupError):
        current_call()
