"""The gateway as an ASGI application. Whatever arrives is answered by the service, or as a problem."""

import logging
from collections.abc import Sequence
from functools import partial
from typing import Final

from services.catalogue import Catalogue, load
from services.chassis.comments import load_comments
from services.chassis.rpc.failures import Failure
from services.chassis.telemetry.logs import log
from services.console.gateway import calls, events, headers, problems, published
from services.console.gateway.asyncapi import described_topics
from services.console.gateway.backend import Backend
from services.console.gateway.bindings import Binding, bindings
from services.console.gateway.calls import Exchange
from services.console.gateway.headers import Headers
from services.console.gateway.json import text as json_text
from services.console.gateway.json.writing import Writer
from services.console.gateway.openapi.document import document
from services.console.gateway.published import Document, Published
from services.console.gateway.refusals import not_allowed
from services.console.gateway.replies import Message, Receive, Reply, Send
from services.console.gateway.routing import Router
from services.kernel.text import Text

EVENTS: Final = b"/v1/events"
_JSON: Final = "application/json"
_INTERNAL: Final = Text(
    "系统内部错误，请联系管理员并提供请求号", "internal error; tell the administrator the request id"
)


class Gateway:
    """Answers `/v1/…` with the paths as the client sent them, wherever it is mounted."""

    def __init__(
        self, backend: Backend, forms: Sequence[Binding] | None = None, catalogue: Catalogue | None = None
    ) -> None:
        """`catalogue`: whose codes are told; the document's own unless given."""
        self._backend = backend
        self._forms = list(forms) if forms is not None else bindings()
        self._router = Router(self._forms)
        self._writer = Writer()
        described = Document(_JSON, self._describe)
        self._published = Published(
            {
                b"/openapi.json": described,
                b"/v1/openapi.json": described,
                b"/v1/asyncapi.json": Document(_JSON, self._describe_topics),
                b"/v1/contract.binpb": Document("application/protobuf", published.descriptors),
                b"/v1/codes.json": Document(_JSON, partial(published.codes, catalogue or load())),
            }
        )
        self._watching = self._form("WatchMatches")
        self._status = self._form("GetIndexStatus")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One HTTP request, or the beginning and end of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and self._published.answers(scope):
            await self._published.tell(scope, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    def _describe(self) -> bytes:
        return json_text.write(document(self._forms, load_comments()))

    @staticmethod
    def _describe_topics() -> bytes:
        return json_text.write(described_topics(load_comments()))

    def open(self) -> None:
        """Open the channels to the services, on the loop that answers."""
        self._backend.open()

    async def close(self) -> None:
        """Close the channels to the services."""
        await self._backend.close()

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        given = Headers(tuple(scope["headers"]))
        request_id = headers.request_id(given)
        begun = _Begun(send)
        try:
            await self._answer(scope, given, request_id, receive, begun)
        except Exception as error:  # told to the caller as a problem, whatever it is
            reply = _told(error, given, request_id)
            if begun.status:
                raise  # the answer is cut off, so that nobody takes a part for the whole
            await reply.send(send, request_id)

    async def _answer(
        self, scope: Message, given: Headers, request_id: str, receive: Receive, send: Send
    ) -> None:
        path = scope["raw_path"].partition(b"?")[0]
        verb = "GET" if scope["method"] == "HEAD" else scope["method"]
        if path == EVENTS and verb == "GET":
            exchange = Exchange(self._watching, {}, given, scope["query_string"], request_id, receive, send)
            await events.page(exchange, self._backend, self._writer, self._status)
            return
        if verb != "GET" and (path == EVENTS or path in self._published):
            raise not_allowed(verb, "GET")
        binding, variables = self._router.find(verb, path)
        exchange = Exchange(binding, variables, given, scope["query_string"], request_id, receive, send)
        await self._call(exchange)

    async def _call(self, exchange: Exchange) -> None:
        method = exchange.binding.method
        if method.client_streaming:
            await calls.upload(exchange, self._backend, self._writer)
        elif not method.server_streaming:
            await calls.answer(exchange, self._backend, self._writer)
        elif events.TOKEN in method.output_type.fields_by_name:
            await events.watch(exchange, self._backend, self._writer)
        else:
            await calls.download(exchange, self._backend)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.open()
            elif message["type"] == "lifespan.shutdown":
                await self.close()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    def _form(self, name: str) -> Binding:
        return next(each for each in self._forms if each.method.name == name)


class _Begun:
    """Passes messages on, and remembers whether an answer has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)


def _told(error: Exception, given: Headers, request_id: str) -> Reply:
    try:
        return calls.failed(error, given, request_id)
    except Exception as unexpected:  # noqa: BLE001 (logged, and told only as a request id)
        log(logging.ERROR, "unexpected error", error=unexpected, request_id=request_id)
        failure = Failure("INTERNAL", "INTERNAL", _INTERNAL)
        return problems.reply(500, failure, headers.language(given), request_id)
