"""Which RPCs the contract tests called and how the calls ended, kept by the channels of an installation."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.descriptor_pb2 import FileDescriptorSet

CONTRACT = Path(__file__).parents[2] / "gen" / "bole" / "contract.binpb"
PATIENCE = 300.0
"""Seconds for anything to happen on a machine that is busy with everything else."""
_REFUSALS = frozenset(
    {
        "INVALID_ARGUMENT",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "RESOURCE_EXHAUSTED",
    }
)
_STRANGER = "UNAUTHENTICATED"
_Interceptors: tuple[Any, ...] = (
    grpc.UnaryUnaryClientInterceptor,
    grpc.UnaryStreamClientInterceptor,
    grpc.StreamUnaryClientInterceptor,
    grpc.StreamStreamClientInterceptor,
)


class _Patient(grpc.ClientCallDetails):
    """The details of a call whose caller set no deadline of their own."""

    def __init__(self, given: Any) -> None:
        self.method, self.timeout, self.metadata = given.method, PATIENCE, given.metadata
        self.credentials, self.wait_for_ready = given.credentials, given.wait_for_ready
        self.compression = given.compression


class Calls(*_Interceptors):  # type: ignore[misc]
    """Notes the status of every call, and has patience. A stream that the caller leaves has ended as it should."""

    def __init__(self) -> None:
        self.ended: dict[str, set[str]] = defaultdict(set)

    def _note(self, continuation: Any, details: Any, request: Any) -> Any:
        call = continuation(_Patient(details) if details.timeout is None else details, request)
        call.add_done_callback(lambda done: self.ended[details.method].add(done.code().name))
        return call

    intercept_unary_unary = _note
    intercept_unary_stream = _note
    intercept_stream_unary = _note
    intercept_stream_stream = _note


CALLS = Calls()


def lacking(ended: dict[str, set[str]], files: Iterable[Any]) -> list[str]:
    """What the calls leave unproved: RPCs of these files without a call that went well, or without one refused.

    Refused for what it asks for; a request without a field can only be refused to a stranger.
    """
    found = []
    for file in files:
        fields = {f".{file.package}.{each.name}": len(each.field) for each in file.message_type}
        for service in file.service:
            for method in service.method:
                path = f"/{file.package}.{service.name}/{method.name}"
                codes = ended.get(path, set())
                good = {"OK", "CANCELLED"} if method.server_streaming else {"OK"}
                bad = _REFUSALS if fields.get(method.input_type, 1) else {_STRANGER}
                found += [f"{path}: no good request"] if not codes & good else []
                found += [f"{path}: no bad request"] if not codes & bad else []
    return found


def contract_files() -> list[Any]:
    """The files of the compiled contract that have services."""
    return [file for file in own_files() if file.service]


def own_files() -> list[Any]:
    """The files of the compiled contract that are not foreign."""
    compiled = FileDescriptorSet.FromString(CONTRACT.read_bytes())
    return [file for file in compiled.file if file.package.startswith("bole.")]
