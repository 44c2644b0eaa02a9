"""Puts the interceptors around a handler, whatever kind of method it serves.

Handlers of single responses are plain functions and run in the pool; handlers of streams are asynchronous
generators and run on the event loop. Requests arrive here as bytes and are decoded inside the interceptors,
so that a body that cannot be read is the caller's error, not an internal one. All are taken as streams of requests:
gRPC itself waits for the body of a single request as long as its connection lives, and leaves half a one unanswered.
"""

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, aclosing, closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from services.chassis.policy import Level
from services.chassis.process.precedence import Precedence
from services.chassis.rpc.call import serving
from services.chassis.rpc.exchange import (
    UNKNOWN,
    Ending,
    Exchange,
    Interceptor,
    Metadata,
    Refused,
    open_exchange,
    request_id_of,
)
from services.chassis.rpc.spool import Spool
from services.chassis.rpc.status import DETAILS_KEY, RETRY_KEY, Repeated
from services.chassis.rpc.turns import Turns
from services.chassis.rpc.uploads import Allowance, Pace
from services.kernel.errors import Aborted, BoleError, InvalidArgument, ResourceExhausted
from services.kernel.text import Text

T = TypeVar("T")

LOOK_AGAIN_SECONDS: Final = 10.0
"""So long what somebody reads of a stream is sent by a credential that has been taken back meanwhile."""

_OVERLOADED: Final = Repeated(
    ResourceExhausted(
        Text("服务繁忙，请稍后重试", "the service is overloaded; retry later"),
        reason="OVERLOADED",
        metadata={"retry_after_ms": "1000"},
    )
)
_SWALLOWED: Final = "an interceptor swallowed an error"


@dataclass(frozen=True, slots=True)
class Wrapping:
    """What every handler of a server is wrapped in: interceptors, outermost first; the pool; the clock; and who hears
    of calls that are being answered. `look_again_seconds`: how often the reader of a stream is asked for anew.
    """

    interceptors: Sequence[Interceptor]
    turns: Turns
    now: Callable[[], datetime]
    precedence: Precedence
    idle_seconds: float
    look_again_seconds: float = LOOK_AGAIN_SECONDS

    def takes(self) -> bool:
        """Whether a call that comes is taken in, or would only wait for a thread: before anything is looked at."""
        return self.turns.takes()

    def computes(self) -> bool:
        """Whether the work of calls uses the interpreter most of the time."""
        return self.turns.computes

    def ending(self, metadata: Metadata) -> Ending:
        """How a call ends that is not taken in; it has no method yet."""
        return self.turned_away(UNKNOWN, metadata, _OVERLOADED)

    def turned_away(self, method: str, metadata: Metadata, told: Repeated) -> Ending:
        """How a call of this full name ends that was told `told`; all interceptors hear of it."""
        request_id = request_id_of(metadata)
        for interceptor in self.interceptors:
            interceptor.turned_away(method, request_id, told.error)
        error, status = told.error, told.encoded(request_id)
        trailing = ((DETAILS_KEY, status), (RETRY_KEY, error.metadata["retry_after_ms"]))
        return grpc.StatusCode.RESOURCE_EXHAUSTED, error.text.en, trailing

    def wrap(self, method: MethodDescriptor, handler: Any) -> Any:
        """The handler to register for `method`. Raises TypeError for a handler of the wrong kind."""
        if method.client_streaming and method.server_streaming:
            raise TypeError(f"{method.full_name}: streams in both directions are not offered")
        generates = inspect.isasyncgenfunction(handler)
        if generates != bool(method.server_streaming) or inspect.iscoroutinefunction(handler):
            raise TypeError(
                f"{method.full_name}: single responses come from def, streams from async generators"
            )
        if method.server_streaming:
            return grpc.stream_stream_rpc_method_handler(_Stream(self, method, handler).entry())
        if method.client_streaming:
            return grpc.stream_unary_rpc_method_handler(_Upload(self, method, handler).entry())
        return grpc.stream_unary_rpc_method_handler(_Unary(self, method, handler).entry())


class _Wrapped:
    """What the three kinds share."""

    def __init__(self, wrapping: Wrapping, method: MethodDescriptor, handler: Any) -> None:
        self.wrapping = wrapping
        self.method = method
        self.handler = handler
        self._decode: Callable[[bytes], Message] = GetMessageClass(method.input_type).FromString

    def admit(self, context: Any) -> Exchange:
        """What is known of a call, before anything of it is looked at. Raises Refused if an interceptor has told its
        caller to wait.
        """
        exchange = open_exchange(self.method, context, self.wrapping.now())
        try:
            for interceptor in self.wrapping.interceptors:
                interceptor.admit(exchange)
        except ResourceExhausted as error:
            name, told = self.method.full_name, Repeated(error)
            raise Refused(*self.wrapping.turned_away(name, exchange.metadata, told)) from None
        return exchange

    def arrive(self, stack: ExitStack, exchange: Exchange, context: Any) -> None:
        """Enter all interceptors."""
        for interceptor in self.wrapping.interceptors:
            stack.enter_context(interceptor.around(exchange))
        context.set_trailing_metadata((("x-request-id", exchange.request_id), *exchange.told))

    async def body(self, messages: AsyncIterator[bytes]) -> bytes | BoleError:
        """The request of a method that takes one, or why there is none: raised once it is known who calls."""
        try:
            async with asyncio.timeout(self.wrapping.idle_seconds):
                return await anext(aiter(messages))
        except TimeoutError:
            zh, en = "请求内容未在时限内送达，请重试", "the request did not arrive in time; retry"
            return Aborted(Text(zh, en), reason="REQUEST_STALLED")
        except StopAsyncIteration:
            return _unreadable()

    def read(self, exchange: Exchange, data: bytes | BoleError) -> Message:
        """Decode and check one request message."""
        if isinstance(data, BoleError):
            raise data
        try:
            request = self._decode(data)
        except DecodeError as error:
            raise _unreadable() from error
        for interceptor in self.wrapping.interceptors:
            interceptor.on_request(exchange, request)
        return request

    def write(self, exchange: Exchange, response: Message) -> bytes:
        """Pass a response through the interceptors and encode it."""
        for interceptor in reversed(self.wrapping.interceptors):
            response = interceptor.on_response(exchange, response)
        return response.SerializeToString()


class _Unary(_Wrapped):
    def entry(self) -> Callable[[AsyncIterator[bytes], Any], Any]:
        async def serve(messages: AsyncIterator[bytes], context: Any) -> bytes:
            try:
                exchange = self.admit(context)
                data = await self.body(messages)
                answer: bytes = await self.wrapping.turns.run(partial(self._serve, exchange, data, context))
                return answer
            except Refused as refused:
                await context.abort(*refused.ending)
                raise

        return serve

    def _serve(self, exchange: Exchange, data: bytes | BoleError, context: Any) -> bytes:
        with self.wrapping.precedence.call(), ExitStack() as stack:
            self.arrive(stack, exchange, context)
            with serving(exchange.call()):
                response = self.handler(self.read(exchange, data), context)
                return self.write(exchange, response)
        raise AssertionError(_SWALLOWED)


class _Stream(_Wrapped):
    def entry(self) -> Callable[[AsyncIterator[bytes], Any], Any]:
        async def serve(messages: AsyncIterator[bytes], context: Any) -> None:
            try:
                exchange = self.admit(context)
                await self._serve(exchange, await self.body(messages), context)
            except Refused as refused:
                await context.abort(*refused.ending)

        return serve

    async def _serve(self, exchange: Exchange, data: bytes | BoleError, context: Any) -> None:
        with ExitStack() as stack:
            await _arrive_in_pool(self, stack, exchange, context)
            if exchange.told:
                await _unless_gone(context.send_initial_metadata(exchange.told))
            request = await self.wrapping.turns.run(lambda: self.read(exchange, data))
            looked = time.monotonic()
            with serving(exchange.call()):
                async with aclosing(self.handler(request, context)) as responses:
                    async for response in responses:
                        if time.monotonic() - looked >= self.wrapping.look_again_seconds:
                            await self.wrapping.turns.run(partial(self._look_again, exchange))
                            looked = time.monotonic()
                        await _unless_gone(context.write(await self._send(exchange, response)))

    def _look_again(self, exchange: Exchange) -> None:
        for interceptor in self.wrapping.interceptors:
            interceptor.again(exchange)

    async def _send(self, exchange: Exchange, response: Message) -> bytes:
        """What may reveal personal data is audited, which takes a database: off the event loop."""
        if exchange.clearance.highest() < Level.PERSONAL:
            return self.write(exchange, response)
        data: bytes = await self.wrapping.turns.run(lambda: self.write(exchange, response))
        return data


class _Upload(_Wrapped):
    def entry(self) -> Callable[[AsyncIterator[bytes], Any], Any]:
        async def serve(messages: AsyncIterator[bytes], context: Any) -> bytes:
            try:
                exchange = self.admit(context)
                return await self._serve(exchange, messages, context)
            except Refused as refused:
                await context.abort(*refused.ending)
                raise

        return serve

    async def _serve(self, exchange: Exchange, messages: AsyncIterator[bytes], context: Any) -> bytes:
        with ExitStack() as stack:
            await _arrive_in_pool(self, stack, exchange, context)
            parts = stack.enter_context(Spool())
            await self._collect(messages, parts)
            # To a server a cancelled upload looks like a finished one; only sending tells them apart.
            await _unless_gone(context.send_initial_metadata(()))
            answer: bytes = await self.wrapping.turns.run(lambda: self._answer(exchange, parts, context))
            return answer
        raise AssertionError(_SWALLOWED)

    def _answer(self, exchange: Exchange, parts: Spool, context: Any) -> bytes:
        with serving(exchange.call()), closing(iter(parts)) as sent:
            requests = (self.read(exchange, part) for part in sent)
            return self.write(exchange, self.handler(requests, context))

    async def _collect(self, messages: AsyncIterator[bytes], parts: Spool) -> None:
        """Take all messages, bounded in size and patience, before a thread is taken for them."""
        allowance = Allowance(self.method)
        waiting, pace = aiter(messages), Pace(self.wrapping.idle_seconds)
        while (part := await _next_part(waiting, pace.patience(parts.size))) is not None:
            allowance.take(len(part))
            if parts.on_disk_with(part):
                await self.wrapping.turns.run(partial(parts.add, part))
            else:
                parts.add(part)


async def _unless_gone(exchanging: Awaitable[T]) -> T:
    """What comes of sending or receiving. Where nothing can, the caller or the server has gone, which gRPC may say only
    later: the call is cancelled.
    """
    try:
        return await exchanging
    except grpc.aio.BaseError as gone:
        raise asyncio.CancelledError from gone


async def _next_part(waiting: AsyncIterator[bytes], seconds: float) -> bytes | None:
    try:
        return await _unless_gone(asyncio.wait_for(anext(waiting), seconds))
    except StopAsyncIteration:
        return None
    except TimeoutError as error:
        zh, en = "上传中断，请重试", "the upload stalled; retry"
        raise Aborted(Text(zh, en), reason="UPLOAD_STALLED") from error


def _unreadable() -> BoleError:
    return InvalidArgument.field(
        "request",
        "BODY_UNREADABLE",
        "请求内容无法解析：数据不完整、嵌套过深或含有非 UTF-8 文本",
        "the request cannot be decoded: it is truncated, nested too deep or not UTF-8",
    )


async def _arrive_in_pool(wrapped: _Wrapped, stack: ExitStack, exchange: Exchange, context: Any) -> None:
    """Enter the interceptors in the pool; if the RPC ends meanwhile, they are left there as well."""

    def arrive() -> ExitStack:
        with ExitStack() as entering:
            wrapped.arrive(entering, exchange, context)
            return entering.pop_all()
        raise AssertionError(_SWALLOWED)

    stack.push(await wrapped.wrapping.turns.run(arrive, undo=_leave))


def _leave(future: "Future[ExitStack]") -> None:
    if not future.cancelled() and future.exception() is None:
        future.result().close()
