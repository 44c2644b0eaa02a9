"""The four ways in which an HTTP request becomes a call: one answer, a file out, a file in, a stream of events."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import grpc

from services.chassis.rpc.failures import read_failure
from services.chassis.rpc.interceptors.rationing import LIMIT_KEY, POLICY_KEY
from services.chassis.rpc.status import DETAILS_KEY
from services.chassis.rpc.uploads import Allowance
from services.console.gateway import headers as heads
from services.console.gateway import problems, requests
from services.console.gateway.backend import Backend
from services.console.gateway.bindings import Binding
from services.console.gateway.headers import Headers
from services.console.gateway.json import text as json_text
from services.console.gateway.json.writing import Writer
from services.console.gateway.replies import Receive, Reply, Send, begin, end, piece
from services.kernel.errors import Aborted, BoleError, Unavailable
from services.kernel.text import Text

UPLOAD_SECONDS: Final = 600.0
_PIECE: Final = 256 * 1024
_DATA: Final = "data"
END: Final[Any] = grpc.aio.EOF  # type: ignore[attr-defined]  # missing in the stubs only
_QUOTA: Final = (LIMIT_KEY, POLICY_KEY)
_ETAG: Final = re.compile(r'"[\x21\x23-\x7e]{1,100}"')


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP request that a binding answers."""

    binding: Binding
    variables: dict[str, str]
    headers: Headers
    query: bytes
    request_id: str
    receive: Receive
    send: Send

    @property
    def metadata(self) -> list[tuple[str, str]]:
        """What goes on to the service."""
        return heads.metadata(self.headers, self.request_id)


async def answer(exchange: Exchange, backend: Backend, writer: Writer) -> None:
    """A call with one answer, as JSON with its ETag, and what is left of a partner's quota; 304 for a version that the
    caller has.
    """
    body = await requests.whole_body(exchange.receive, exchange.headers)
    request = requests.build(exchange.binding, exchange.variables, exchange.query, exchange.headers, body)
    call = backend.stub(exchange.binding)
    asked = call(request, metadata=exchange.metadata, timeout=heads.seconds(exchange.headers))
    response, more = await asked, left_of_quota(await asked.trailing_metadata())
    etag = getattr(response, "etag", "")
    if _ETAG.fullmatch(etag):
        more["etag"] = etag
    if exchange.binding.verb == "GET" and known(exchange, more):
        await Reply(304, b"", headers=more).send(exchange.send, exchange.request_id)
        return
    reply = Reply(200, json_text.write(writer.to_json(response)), headers=more)
    await reply.send(exchange.send, exchange.request_id)


def known(exchange: Exchange, more: Mapping[str, str]) -> bool:
    """Whether the caller has the version whose ETag these headers of an answer tell, if they tell one."""
    return "etag" in more and heads.none_match(exchange.headers, more["etag"])


def left_of_quota(told: Any) -> dict[str, str]:
    """What of a call's metadata tells a partner how much may still be asked."""
    return {key: value for key, value in told if key in _QUOTA}


async def upload(exchange: Exchange, backend: Backend, writer: Writer) -> None:
    """A file as the body; what else the call takes stands in the query (`header.filename=…&header.mode=…`)."""
    first = requests.from_query(exchange.binding, exchange.variables, exchange.query, {_DATA})
    call = backend.stub(exchange.binding)
    body = _Body(exchange, first)
    try:
        response = await call(body.pieces(), metadata=exchange.metadata, timeout=UPLOAD_SECONDS)
    except asyncio.CancelledError as error:  # gRPC's way to say that a piece could not be had, or be written
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        raise body.refused or _cut() from error
    except grpc.aio.AioRpcError as error:
        if not _is_of_the_caller(error):
            raise
        raise await _refusal(exchange, call) from error
    reply = Reply(200, json_text.write(writer.to_json(response)))
    await reply.send(exchange.send, exchange.request_id)


def _is_of_the_caller(error: grpc.aio.AioRpcError) -> bool:
    """Whether gRPC could not write a piece, since the service had ended the call, and takes that for how it ended."""
    told: Any = error.trailing_metadata() or ()
    return error.code() is grpc.StatusCode.INTERNAL and DETAILS_KEY not in {key for key, _ in told}


async def _refusal(exchange: Exchange, call: Any) -> Exception:
    """Why the service ended a call before it had all of it, which gRPC no longer tells: the same call without anything
    in it is refused for the same reason, if that was who calls or that there are too many.
    """
    try:
        await call(_nothing(), metadata=exchange.metadata, timeout=UPLOAD_SECONDS)
    except grpc.aio.AioRpcError as again:
        if again.code() is not grpc.StatusCode.INVALID_ARGUMENT:
            return again
    return _cut()


def _cut() -> Aborted:
    return Aborted(
        Text("上传中断，请重新上传", "the upload was cut off; send it again"), reason="BODY_INCOMPLETE"
    )


async def _nothing() -> AsyncIterator[Any]:
    messages: tuple[Any, ...] = ()
    for each in messages:
        yield each


class _Body:
    """The messages of an upload. `refused`: why they ended before the file did."""

    def __init__(self, exchange: Exchange, first: Any) -> None:
        self._exchange, self._first = exchange, first
        self._allowance = Allowance(exchange.binding.method)
        self.refused: BoleError | None = None

    async def pieces(self) -> AsyncIterator[Any]:
        """As the file comes. Raises, which gRPC takes for a call that was given up."""
        try:
            self._allowance.take(self._first.ByteSize())
            yield self._first
            async for data in self._file():
                message = self._exchange.binding.request_class(data=data)
                self._allowance.take(message.ByteSize())
                yield message
        except BoleError as error:
            self.refused = error
            raise

    async def _file(self) -> AsyncIterator[bytes]:
        while True:
            message = await self._exchange.receive()
            if message["type"] == "http.disconnect":
                raise _cut()
            body = message.get("body", b"")
            for at in range(0, len(body), _PIECE):
                yield body[at : at + _PIECE]
            if not message.get("more_body", False):
                return


async def download(exchange: Exchange, backend: Backend) -> None:
    """A file: its name, size and digest from what the service says first, then its pieces as they come."""
    if exchange.binding.body:
        body = await requests.whole_body(exchange.receive, exchange.headers)
        request = requests.build(exchange.binding, exchange.variables, exchange.query, exchange.headers, body)
    else:
        request = requests.from_query(exchange.binding, exchange.variables, exchange.query, set())
    call = backend.stub(exchange.binding)(request, metadata=exchange.metadata, timeout=UPLOAD_SECONDS)
    try:
        first = await call.read()
        if first is END:
            raise Unavailable(Text("文件为空", "the file is empty"), reason="NO_FILE")
        await begin(exchange.send, 200, _file_headers(exchange, first), exchange.request_id)
        while first is not END:
            if first.data:
                await piece(exchange.send, first.data)
            first = await call.read()
    finally:
        call.cancel()
    await end(exchange.send)


def _file_headers(exchange: Exchange, first: Any) -> dict[str, str]:
    described = _description(first)
    name = described.filename if described is not None else exchange.variables.get("name", "file")
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)[:100]
    made = {
        "content-type": "application/octet-stream",
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
    }
    if described is not None:
        made["content-length"] = str(described.size_bytes)
        made["x-bole-sha256"] = described.sha256
    return made


def _description(first: Any) -> Any:
    """What the first message says of the file, if it says anything but the file."""
    for field, value in first.ListFields():
        if field.message_type is not None and "filename" in field.message_type.fields_by_name:
            return value
    return None


def failed(error: Exception, exchange_headers: Headers, request_id: str) -> Reply:
    """The problem that an error is told as. Raises what is neither a refusal nor a failed call."""
    language = heads.language(exchange_headers)
    if isinstance(error, BoleError):
        status, failure, more = problems.of_error(error)
        return problems.reply(status, failure, language, request_id, more)
    if isinstance(error, grpc.RpcError):
        failure = read_failure(error)
        conditional = any(name == b"if-match" for name, _ in exchange_headers.raw)
        status = problems.status_of(failure, conditional=conditional)
        more = left_of_quota(error.trailing_metadata() or ())
        return problems.reply(status, failure, language, request_id, more)
    raise error
