"""What is validated only answers as the call itself would and leaves nothing: shown with the tests' own calls.

The first calls of every change of the funding service are rehearsed, under the request id that the call then has. A
rehearsal that had left anything would have taken the id, or moved an etag, and the call would be refused.
"""

import re
import threading
from typing import Any
from uuid import uuid4

import grpc
from google.protobuf import descriptor_pool
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from tests.contract.coverage import contract_files

_PACKAGE = "bole.funding.v1"
_ASKED_ABOUT = frozenset({f"/{_PACKAGE}.FundingImportService/UndoImport"})
"""An undo that is only asked about lists what it would leave, where the undo itself is refused."""
_PASSING = frozenset(
    {grpc.StatusCode.ABORTED, grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}
)
MADE_UP = re.compile(r"\b[0-9a-z]{26}\b|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,}")
"""What every attempt makes up anew: ids and hashes."""
_Unary: Any = grpc.UnaryUnaryClientInterceptor


def changes() -> set[str]:
    """Paths of the unary methods of the funding service whose request can be validated only."""
    found = set()
    for file in contract_files():
        for service in file.service if file.package == _PACKAGE else ():
            for method in service.method:
                message = descriptor_pool.Default().FindMessageTypeByName(method.input_type.removeprefix("."))
                command = message.fields_by_name.get("command")
                said = message if command is None or command.message_type is None else command.message_type
                names = said.fields_by_name
                if "validate_only" in names and not method.client_streaming:
                    found.add(f"/{file.package}.{service.name}/{method.name}")
    return found - _ASKED_ABOUT


def plain(value: Any) -> Any:
    """An answer as plain values, without what every attempt makes up anew."""
    if isinstance(value, Message):
        return plain(MessageToDict(value, preserving_proto_field_name=True))
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items() if not name.endswith("time")}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return MADE_UP.sub("#", value) if isinstance(value, str) else value


class Rehearsals(_Unary):  # type: ignore[misc]
    """Rehearses each change until one has gone well; `seen` are those that have."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self._busy = threading.Lock()

    def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        said = getattr(request, "command", request)
        old = details.method in self.seen or details.method in _ASKED_ABOUT
        if (
            old
            or not details.method.startswith(f"/{_PACKAGE}.")
            or "validate_only" not in said.DESCRIPTOR.fields_by_name
            or said.validate_only
        ):
            return continuation(details, request)
        if not self._busy.acquire(blocking=False):
            return continuation(details, request)
        try:
            return self._both(continuation, details, request)
        finally:
            self._busy.release()

    def _both(self, continuation: Any, details: Any, request: Any) -> Any:
        asked, meant = type(request)(), type(request)()
        meant.CopyFrom(request)
        said = getattr(meant, "command", meant)
        said.request_id = said.request_id or str(uuid4())
        asked.CopyFrom(meant)
        getattr(asked, "command", asked).validate_only = True
        rehearsed, done = continuation(details, asked), continuation(details, meant)
        codes = {rehearsed.code(), done.code()}
        if codes == {grpc.StatusCode.OK}:
            assert plain(rehearsed.result()) == plain(done.result()), details.method
            self.seen.add(details.method)
        elif grpc.StatusCode.OK in codes and not codes & _PASSING:
            raise AssertionError(f"{details.method}: rehearsed {rehearsed.code()}, done {done.code()}")
        return done


REHEARSALS = Rehearsals()
