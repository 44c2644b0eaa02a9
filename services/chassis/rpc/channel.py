"""Client channels, sync and asyncio: retries, keepalive, credentials and trace in the metadata."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import grpc
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import MethodDescriptor
from grpc.experimental import ChannelOptions

from services.chassis.contract import access_of
from services.chassis.telemetry.trace import HEADER, at_hand, start
from services.kernel.threads import require_room

UNARY_SECONDS: Final = 30.0
_LARGEST_MESSAGE: Final = 4 * 1024 * 1024
_RETRY: Final = {
    "maxAttempts": 4,
    "initialBackoff": "0.1s",
    "maxBackoff": "2s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"],
}
"""CANCELLED: how gRPC's core ends a call that has arrived and was not begun when the server goes down. A caller who
cancels is not asked again.
"""


@dataclass(frozen=True, slots=True)
class Caller:
    """What a client says about itself with every call. `token` and `partner_key` are asked for each call; `request_id`
    is of what all its calls belong to.
    """

    token: Callable[[], str] | None = None
    partner_key: Callable[[], str] | None = None
    purpose: str | None = None
    request_id: str | None = None

    def metadata(self, given: Iterable[tuple[str, Any]] | None) -> list[tuple[str, Any]]:
        """`given` and what is missing in it: credential, purpose, request, trace."""
        merged = list(given or ())
        present = {key for key, _ in merged}
        offers = (
            ("authorization", f"Bearer {self.token()}" if self.token else None),
            ("x-bole-key", self.partner_key() if self.partner_key else None),
            ("x-bole-purpose", self.purpose),
            ("x-request-id", self.request_id),
            (HEADER, (at_hand() or start()).header()),
        )
        merged.extend((key, value) for key, value in offers if value is not None and key not in present)
        return merged


def open_channel(
    address: str,
    *,
    services: Sequence[str] = (),
    token: Callable[[], str] | None = None,
    partner_key: Callable[[], str] | None = None,
    purpose: str | None = None,
    credentials: grpc.ChannelCredentials | None = None,
    threads: bool = True,
) -> grpc.Channel:
    """A channel for blocking stubs. `services` are the full names whose unary methods may be retried. `threads`:
    whether gRPC reads each stream in a thread that it starts, or whoever iterates over it does.

    Unary calls without a timeout get 30 s. Raises KeyError for a service whose module was not imported.
    """
    options = channel_options(services)
    if not threads:
        options.append((ChannelOptions.SingleThreadedUnaryStream, 1))
    if credentials is None:
        channel = grpc.insecure_channel(address, options=options)
    else:
        channel = grpc.secure_channel(address, credentials, options=options)
    return grpc.intercept_channel(channel, _Attach(Caller(token, partner_key, purpose)))


def signed(channel: grpc.Channel, caller: Caller) -> grpc.Channel:
    """The same channel for one of the callers that share it."""
    return grpc.intercept_channel(channel, _Attach(caller))


def open_aio_channel(
    address: str,
    *,
    services: Sequence[str] = (),
    token: Callable[[], str] | None = None,
    partner_key: Callable[[], str] | None = None,
    purpose: str | None = None,
    credentials: grpc.ChannelCredentials | None = None,
) -> grpc.aio.Channel:
    """The same for asyncio stubs; to be opened on the loop that uses it."""
    options = channel_options(services)
    caller = Caller(token, partner_key, purpose)
    # asyncio channels sort an interceptor into one kind only, so there is one object for each.
    interceptors: list[Any] = [_AioUnary(caller), _AioStream(caller), _AioUpload(caller)]
    if credentials is None:
        return grpc.aio.insecure_channel(address, options=options, interceptors=interceptors)
    return grpc.aio.secure_channel(address, credentials, options=options, interceptors=interceptors)


def channel_options(services: Sequence[str]) -> list[tuple[str, Any]]:
    """Keepalive no more often than our servers allow, message size, how soon a service that was away is tried again
    (left to itself gRPC waits up to two minutes), no proxy of the environment, and the service config.
    """
    return [
        ("grpc.enable_http_proxy", 0),
        ("grpc.initial_reconnect_backoff_ms", 200),
        ("grpc.max_reconnect_backoff_ms", 3_000),
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
        ("grpc.enable_retries", 1),
        ("grpc.service_config", json.dumps(service_config(services))),
    ]


def service_config(services: Sequence[str]) -> dict[str, Any]:
    """Retries where a server was away or went down, for methods by name: a rule for a whole service would reach its
    streams too.
    """
    names = [
        {"service": service, "method": method.name}
        for service in services
        for method in descriptor_pool.Default().FindServiceByName(service).methods
        if _may_retry(method)
    ]
    return {"methodConfig": [{"name": names, "retryPolicy": _RETRY}]} if names else {}


def _may_retry(method: MethodDescriptor) -> bool:
    """Unary, and safe to repeat: it changes nothing, or a `request_id` makes the repetition harmless."""
    if method.client_streaming or method.server_streaming:
        return False
    return not access_of(method).mutates or "request_id" in method.input_type.fields_by_name


class _Details(grpc.ClientCallDetails):
    """Call details with our metadata, for blocking channels."""

    def __init__(self, given: Any, caller: Caller, timeout: float | None) -> None:
        self.method = given.method
        self.timeout = given.timeout if given.timeout is not None else timeout
        self.metadata = tuple(caller.metadata(given.metadata))
        self.credentials = given.credentials
        self.wait_for_ready = given.wait_for_ready
        self.compression = getattr(given, "compression", None)


class _Attach(
    grpc.UnaryUnaryClientInterceptor,  # type: ignore[type-arg]  # generic in the stubs only
    grpc.UnaryStreamClientInterceptor,  # type: ignore[type-arg]
    grpc.StreamUnaryClientInterceptor,  # type: ignore[type-arg]
):
    """Adds metadata to every call of a blocking channel."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        return continuation(_Details(client_call_details, self._caller, UNARY_SECONDS), request)

    def intercept_unary_stream(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        return continuation(_Details(client_call_details, self._caller, None), request)

    def intercept_stream_unary(
        self, continuation: Any, client_call_details: Any, request_iterator: Any
    ) -> Any:
        require_room()  # gRPC starts a thread that sends
        return continuation(_Details(client_call_details, self._caller, None), request_iterator)


def _aio_details(given: Any, caller: Caller, timeout: float | None) -> Any:
    return grpc.aio.ClientCallDetails(
        method=given.method,
        timeout=given.timeout if given.timeout is not None else timeout,
        metadata=grpc.aio.Metadata(*caller.metadata(given.metadata)),
        credentials=given.credentials,
        wait_for_ready=given.wait_for_ready,
    )


class _AioUnary(grpc.aio.UnaryUnaryClientInterceptor):  # type: ignore[type-arg]
    """Adds metadata to unary calls of an asyncio channel."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        return await continuation(_aio_details(client_call_details, self._caller, UNARY_SECONDS), request)


class _AioStream(grpc.aio.UnaryStreamClientInterceptor):  # type: ignore[type-arg]
    """Adds metadata to server streams of an asyncio channel."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def intercept_unary_stream(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        return await continuation(_aio_details(client_call_details, self._caller, None), request)


class _AioUpload(grpc.aio.StreamUnaryClientInterceptor):  # type: ignore[type-arg]
    """Adds metadata to uploads of an asyncio channel."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def intercept_stream_unary(
        self, continuation: Any, client_call_details: Any, request_iterator: Any
    ) -> Any:
        return await continuation(_aio_details(client_call_details, self._caller, None), request_iterator)
