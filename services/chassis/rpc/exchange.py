"""One RPC in progress, and what an interceptor may do with it."""

import hashlib
import itertools
import re
import secrets
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from services.chassis.identity.certificates import fingerprint_of
from services.chassis.identity.identity import Principal
from services.chassis.policy import Clearance
from services.chassis.rpc.call import Call
from services.chassis.telemetry.trace import TraceParent
from services.kernel.errors import ResourceExhausted

Metadata = tuple[tuple[str, str | bytes], ...]
Ending = tuple[grpc.StatusCode, str, Metadata]
"""Code, message and trailing metadata."""

UNKNOWN: Final = "unknown"
"""In place of the name of a method."""

DEFAULT_SECONDS: Final = 10.0
"""The deadline of a unary call that states none."""
LONGEST_SECONDS: Final = 3_600.0
"""The deadline of a unary call that states a later one."""
_REQUEST_ID: Final = re.compile("[A-Za-z0-9-]{8,64}")
_SECRET: Final = secrets.token_bytes(32)
_NUMBERS: Final = itertools.count()


@dataclass(slots=True)
class Exchange:
    """What is known of the RPC so far; interceptors fill it in from the outermost to the innermost.

    `certificate`: the fingerprint of the one that the connection showed; None without TLS. `told`: what the caller is
    told beside the answer: as trailing metadata, or before a stream begins.
    """

    method: MethodDescriptor
    metadata: Metadata
    peer: str
    arrived: datetime
    started: float
    deadline: float
    request_id: str = ""
    trace: TraceParent | None = None
    principal: Principal | None = None
    purpose: str | None = None
    clearance: Clearance = field(default_factory=Clearance)
    code: grpc.StatusCode = grpc.StatusCode.OK
    reason: str = ""
    certificate: str | None = None
    told: tuple[tuple[str, str], ...] = ()

    @property
    def streams(self) -> bool:
        """Whether the method answers with a stream."""
        return bool(self.method.server_streaming)

    def values(self, key: str) -> list[str]:
        """All values of a metadata key, in order."""
        return [str(value) for name, value in self.metadata if name == key]

    def call(self) -> Call:
        """The frozen view for handlers. Raises RuntimeError before the caller was identified."""
        if self.principal is None or self.trace is None:
            raise RuntimeError("the call has no principal yet")
        return Call(
            self.principal,
            self.clearance,
            self.purpose,
            self.request_id,
            self.trace,
            self.method.full_name,
            self.peer,
            self.arrived,
            self.deadline,
        )


class Interceptor:
    """One concern of every RPC. This one does nothing; the others override what they need.

    All run in a pool thread, except that the end of a stream, and its messages to callers who see nothing
    personal, are handled on the event loop; so is all of a call that is turned away before it is looked at.
    """

    def around(self, exchange: Exchange) -> AbstractContextManager[None]:
        """Entered when the RPC arrives, left when it ends, whatever way it ends."""
        return nullcontext()

    def admit(self, exchange: Exchange) -> None:
        """On the event loop, before anything of an RPC is looked at: raise to turn it away; waits for nothing."""

    def turned_away(self, method: str, request_id: str, error: ResourceExhausted) -> None:
        """On the event loop, instead of `around`: note it, at next to no cost, since there may be very many. The full
        name of the method is `UNKNOWN` where the call was not even looked up.
        """

    def again(self, exchange: Exchange) -> None:
        """Now and then while a stream is open, in a pool thread: raise to end it."""

    def on_request(self, exchange: Exchange, request: Message) -> None:
        """Look at a request message; raise to refuse it."""

    def on_response(self, exchange: Exchange, response: Message) -> Message:
        """Replace a response message by what may be sent."""
        return response


class Refused(Exception):
    """The RPC ends so. Raised by the errors interceptor, and for who is turned away."""

    def __init__(self, code: grpc.StatusCode, message: str, trailing: Metadata) -> None:
        super().__init__(message)
        self.ending: Ending = (code, message, trailing)


def request_id_of(metadata: Metadata) -> str:
    """The id that the caller has given the request (`x-request-id`), or a fresh one."""
    given = next((str(value) for name, value in metadata if name == "x-request-id"), "")
    return given if _REQUEST_ID.fullmatch(given) else _drawn()


def _drawn() -> str:
    """A fresh one. The system is not asked for chance: that gives the interpreter away, and an event loop that turns
    very many calls away while threads compute would get it back late each time.
    """
    return hashlib.blake2b(next(_NUMBERS).to_bytes(16), key=_SECRET, digest_size=16).hexdigest()


def open_exchange(method: MethodDescriptor, context: Any, now: datetime) -> Exchange:
    """Start the record of an RPC from its servicer context.

    On the event loop, and all that is asked of the connection is asked here: gRPC lets go of a call as soon as its
    caller gives up, whatever thread is at it, and to ask for its peer or its certificate then ends the process.
    """
    started, remaining = time.monotonic(), context.time_remaining()
    if not method.server_streaming:
        remaining = DEFAULT_SECONDS if remaining is None else min(remaining, LONGEST_SECONDS)
    elif remaining is None:
        remaining = float("inf")
    metadata = tuple(context.invocation_metadata() or ())
    deadline, certificate = started + remaining, _certificate(context)
    return Exchange(method, metadata, context.peer(), now, started, deadline, certificate=certificate)


def _certificate(context: Any) -> str | None:
    shown = context.auth_context().get("x509_pem_cert")
    return fingerprint_of(bytes(shown[0])) if shown else None
