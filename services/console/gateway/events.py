"""Streams as server-sent events, and the same events page by page for who cannot keep a connection.

A stream's messages have a `resume_token`: it is the `id` of the event, and `Last-Event-ID` resumes there.
"""

import asyncio
import hashlib
import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager, suppress
from dataclasses import replace
from typing import Any, Final

import grpc

from services.chassis.rpc.failures import read_failure
from services.console.gateway import headers as heads
from services.console.gateway import problems, requests
from services.console.gateway.backend import Backend
from services.console.gateway.bindings import Binding
from services.console.gateway.calls import END, Exchange, known, left_of_quota
from services.console.gateway.json import text as json_text
from services.console.gateway.json.reading import Reader
from services.console.gateway.json.writing import Writer
from services.console.gateway.query import bind, pairs_of
from services.console.gateway.replies import Receive, Reply, begin, end, piece
from services.kernel.errors import PermissionDenied, Unavailable
from services.kernel.text import Text

HEARTBEAT_SECONDS: Final = 10.0
RETRY_MILLISECONDS: Final = 3_000
POLL_SECONDS: Final = 10
LAST_EVENT: Final = "last-event-id"
TOKEN: Final = "resume_token"  # noqa: S105 (the name of a field)
PAGE: Final = 100
MOST: Final = 500
_OF_PAGES: Final = ("after", "page_size")
_ETAG_DIGITS: Final = 32
_HEADERS: Final = {
    "content-type": "text/event-stream; charset=utf-8",
    "x-accel-buffering": "no",
}


async def watch(exchange: Exchange, backend: Backend, writer: Writer) -> None:
    """A stream of events until the caller goes; what ends it otherwise is told as the event `problem`."""
    request = _request(exchange)
    call = backend.stub(exchange.binding)(request, metadata=exchange.metadata)
    try:
        # The first message comes at once, or the reason why there is none: as a status, while there can be one.
        with _token_called(LAST_EVENT if exchange.headers.one(LAST_EVENT) else TOKEN):
            first = await asyncio.wait_for(call.read(), heads.DEFAULT_SECONDS)
        if first is END:
            raise Unavailable(Text("事件流已结束", "the stream has ended"), reason="STREAM_ENDED")
        told = left_of_quota(await call.initial_metadata())
        await begin(exchange.send, 200, _HEADERS | told, exchange.request_id)
        await piece(exchange.send, f"retry: {RETRY_MILLISECONDS}\n\n".encode())
        await piece(exchange.send, _event(first, writer))
        await _forward(call, exchange, writer)
    finally:
        call.cancel()


async def _forward(call: Any, exchange: Exchange, writer: Writer) -> None:
    leaving = asyncio.ensure_future(_gone(exchange.receive))
    try:
        async with aclosing(_messages(call, leaving)) as messages:
            async for message in messages:
                await piece(exchange.send, b": \n\n" if message is None else _event(message, writer))
    except grpc.RpcError as error:
        failure = read_failure(error)
        language = heads.language(exchange.headers)
        told = problems.document(
            problems.status_of(failure, conditional=False), failure, language, exchange.request_id
        )
        await piece(exchange.send, b"event: problem\ndata: " + json_text.write(told) + b"\n\n")
    finally:
        if not leaving.done():
            await end(exchange.send)
        leaving.cancel()


async def _messages(call: Any, leaving: "asyncio.Future[None]") -> AsyncGenerator[Any]:
    """The messages of a call as they come, None where it is silent for long, until the caller goes."""
    reading = asyncio.ensure_future(call.read())
    try:
        while not leaving.done():
            await asyncio.wait(
                {reading, leaving}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if leaving.done():
                return
            if not reading.done():
                yield None
                continue
            message = reading.result()
            if message is END:
                return
            yield message
            reading = asyncio.ensure_future(call.read())
    finally:
        reading.cancel()
        with suppress(asyncio.CancelledError, grpc.RpcError):
            await reading


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _event(message: Any, writer: Writer) -> bytes:
    """One event: what the message holds beside its token, named after the field that holds it."""
    field = next(each for each, _ in message.ListFields() if each.name != TOKEN)
    data = json_text.write(writer.to_json(getattr(message, field.name)))
    return b"id: %s\nevent: %s\ndata: %s\n\n" % (message.resume_token.encode(), field.name.encode(), data)


def _request(exchange: Exchange) -> Any:
    """The request; a reconnecting browser sends its first URL again, so its last event counts for more."""
    request: Any = requests.from_query(exchange.binding, exchange.variables, exchange.query, set())
    last = exchange.headers.one(LAST_EVENT)
    if last:
        request.resume_token = last
        request.ClearField("from_start")
        request.ClearField("start_time")
    return request


async def page(exchange: Exchange, backend: Backend, writer: Writer, status: Binding) -> None:
    """`GET /v1/events?after=…`: the next events after a token, oldest first; from the oldest kept without one, or from
    `start_time` on.

    `level` says that there were no more when the page was made, and then `x-poll-interval` after how many seconds it is
    worth while to ask again; `next_after` goes into the next question. Its ETag is
    made of its content, which an erasure may change years later: 304 where it is what the caller has.
    """
    request, most = _page_request(exchange)
    latest = await _latest(status, exchange, backend)
    call = backend.stub(exchange.binding)(
        request, metadata=exchange.metadata, timeout=heads.seconds(exchange.headers)
    )
    events: list[Any] = []
    token, scanned = request.resume_token, -1
    try:
        with _token_called("after"):
            while len(events) < most and scanned < latest:
                message = await call.read()
                if message is END:
                    raise Unavailable(Text("事件流已结束", "the stream has ended"), reason="STREAM_ENDED")
                token = message.resume_token
                if message.HasField("event"):
                    events.append(writer.to_json(message.event))
                    scanned = message.event.sequence
                else:
                    scanned = message.checkpoint.sequence
            told = left_of_quota(await call.initial_metadata())
    finally:
        call.cancel()
    body = json_text.write({"events": events, "next_after": token, "level": scanned >= latest})
    if scanned >= latest:
        told["x-poll-interval"] = str(POLL_SECONDS)
    told["etag"] = f'"{hashlib.sha256(body).hexdigest()[:_ETAG_DIGITS]}"'
    reply = Reply(304, b"", headers=told) if known(exchange, told) else Reply(200, body, headers=told)
    await reply.send(exchange.send, exchange.request_id)


@contextmanager
def _token_called(name: str) -> Iterator[None]:
    """What the service refuses a token for within is told of the field as the caller named it."""
    try:
        yield
    except grpc.RpcError as error:
        failure = read_failure(error)
        if failure.code != "PERMISSION_DENIED" or not failure.at(TOKEN):
            raise
        told_of = [replace(each, field=name) for each in failure.at(TOKEN)]
        raise PermissionDenied(failure.text, reason=failure.reason, violations=told_of) from error


async def _latest(status: Binding, exchange: Exchange, backend: Backend) -> int:
    answer = await backend.stub(status)(
        status.request_class(), metadata=exchange.metadata, timeout=heads.seconds(exchange.headers)
    )
    return int(answer.last_sequence)


def _page_request(exchange: Exchange) -> tuple[Any, int]:
    """The request for the stream, and how many events are wanted."""
    request: Any = exchange.binding.request_class()
    pairs, reader = pairs_of(exchange.query), Reader()
    own = [(name, value) for name, value in pairs if name in _OF_PAGES]
    if len({name for name, _ in own}) < len(own):
        reader.refuse(
            "after", "PARAMETER_TWICE", "after 与 page_size 各只能给一次", "give after and page_size once"
        )
    given = dict(own)
    wanted = given.get("page_size", str(PAGE))
    if not re.fullmatch("[1-9][0-9]{0,2}", wanted) or int(wanted) > MOST:
        reader.refuse("page_size", "PAGE_SIZE_INVALID", f"须为 1 至 {MOST}", f"has to be from 1 to {MOST}")
    # The number of an event is no place: it differs by restrictions.
    if given.get("after", "").isdecimal():
        reader.refuse(
            "after",
            "NOT_A_TOKEN",
            "须为上一页的 next_after；从保留的最早事件读起，就不写 after",
            "has to be the next_after of the page before; leave it out to begin with the oldest event kept",
        )
    if given.get("after") and any(name == "start_time" for name, _ in pairs):
        reader.refuse(
            "start_time", "TOKEN_AND_START", "与 after 只能用其一", "and after exclude each other; give one"
        )
    bind(
        request,
        [each for each in pairs if each not in own],
        {TOKEN, "from_start", "events_per_message"},
        reader,
        _OF_PAGES,
    )
    reader.done()
    request.resume_token = given.get("after", "")
    request.from_start = not request.resume_token and not request.HasField("start_time")
    return request, int(wanted)
