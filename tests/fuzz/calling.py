"""One call of any kind, by the contract alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import grpc
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import MethodDescriptor

from services.cli.running import processes
from tests.contract.coverage import contract_files
from tests.contract.noise import message_of

PATIENCE = 300.0
BREAKS = frozenset({"INTERNAL", "UNKNOWN", "UNAVAILABLE", "DEADLINE_EXCEEDED"})
"""How no call may end."""
LOOK_SECONDS = 0.2
"""A stream without end is left after so long, or with its first answers."""
FIRST = 5


@dataclass(frozen=True, slots=True)
class Way:
    """A method of the contract: of which service, at which path."""

    service: str
    path: str
    method: Any

    @property
    def streams(self) -> bool:
        """Whether it sends or takes several messages."""
        return bool(self.method.client_streaming or self.method.server_streaming)


def ways() -> list[Way]:
    """Every method of the three services."""
    return [
        Way(file.package.split(".")[1], f"/{file.package}.{service.name}/{method.name}", method)
        for file in contract_files()
        for service in file.service
        for method in service.method
        if file.package.split(".")[1] in processes.SERVICES
    ]


def method_of(way: Way) -> MethodDescriptor:
    """The method with the options that the contract gives it."""
    service, name = way.path[1:].split("/")
    return descriptor_pool.Default().FindServiceByName(service).methods_by_name[name]


def call(channel: grpc.Channel, way: Way, requests: Sequence[bytes]) -> tuple[str, list[Any]]:
    """How a call with these bytes ends, and its first answers. A stream without end is left after a moment."""
    method, read = way.method, message_of(way.method.output_type).FromString
    kind = f"{_MANNER[method.client_streaming]}_{_MANNER[method.server_streaming]}"
    ask: Callable[..., Any] = getattr(channel, kind)(way.path, None, read)
    given = iter(requests) if method.client_streaming else requests[0]
    answers: list[Any] = []
    try:
        if not method.server_streaming:
            return "OK", [ask(given, timeout=PATIENCE)]
        stream = ask(given, timeout=LOOK_SECONDS)
        answers.extend(islice(stream, FIRST))
        stream.cancel()
    except grpc.RpcError as error:
        code = error.code().name
        left = method.server_streaming and code in {"DEADLINE_EXCEEDED", "CANCELLED"}
        return "OK" if left else code, answers
    return "OK", answers


_MANNER = {False: "unary", True: "stream"}
