"""Connections of visitors: what comes before it is a request is bounded in size and in time, for it comes from anybody.

The parser that uvicorn uses here bounds neither. A head of any length would be kept in memory, and five hundred
connections that never say what they want would keep everybody else out.
"""

from asyncio import TimerHandle, Transport
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from services.kernel.text import Text

MOST_HEAD_BYTES: Final = 64 * 1024
"""Of the line with the address and the headers: an address has up to 16,000 bytes, a token some thousand."""
MOST_HEADERS: Final = 200
HEAD_SECONDS: Final = 20.0
"""From the beginning of a connection, or the end of an answer, to the end of the next head."""
_PHRASES: Final = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large"}


class Connection(HttpToolsProtocol):
    """uvicorn's own, with limits on heads."""

    head_seconds = HEAD_SECONDS

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._idle_bytes = 0
        self._in_head = True
        self._late: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """A visitor has come."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """And is gone."""
        self._expect_nothing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what has come since the last head or piece of a body: it is kept until there is one."""
        self._idle_bytes += len(data)
        super().data_received(data)
        if self._idle_bytes > MOST_HEAD_BYTES:
            self._refuse_head()

    def on_message_begin(self) -> None:
        """The first line of a request comes."""
        super().on_message_begin()
        self._in_head = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """One more header. Those over the limit are not kept, and none that comes after a body: it would be taken for
        one of the request that runs.
        """
        if self._in_head and len(self.headers) < MOST_HEADERS:
            super().on_header(name, value)
        elif self._in_head:
            self._refuse_head()

    def on_headers_complete(self) -> None:
        """The request may begin."""
        self._expect_nothing()
        self._in_head, self._idle_bytes = False, 0
        if not self.transport.is_closing():
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of it."""
        self._idle_bytes = 0
        if not self.transport.is_closing():
            super().on_body(body)

    def on_response_complete(self) -> None:
        """It is answered: the next one is waited for, unless it has come already."""
        super().on_response_complete()
        if self.cycle.response_complete and not self.transport.is_closing():
            self._expect_head()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - as uvicorn has it
        """For what is no HTTP, in place of uvicorn's own words."""
        self._refuse(400, Text("请求不是合法的 HTTP", "the request is not valid HTTP"))

    def _expect_head(self) -> None:
        self._expect_nothing()
        late = Text(
            "请求头未在时限内送达，请重试", "the head of the request did not arrive in time; send it again"
        )
        self._late = self.loop.call_later(self.head_seconds, self._refuse, 408, late)

    def _expect_nothing(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse_head(self) -> None:
        most = f"{MOST_HEAD_BYTES // 1024} KiB"
        self._refuse(
            431,
            Text(
                f"地址与请求头超过 {most} 或 {MOST_HEADERS} 项，请缩短",
                f"the address and the headers are over {most} or {MOST_HEADERS} in number; shorten them",
            ),
        )

    def _refuse(self, status: int, said: Text) -> None:
        """Say why and close; where an answer to an earlier request is on its way, close only."""
        self._expect_nothing()
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:
            body = f"{said}\n".encode()
            head = (
                f"HTTP/1.1 {status} {_PHRASES[status]}\r\ncontent-type: text/plain; charset=utf-8\r\n"
                f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
            )
            self.transport.write(head.encode() + body)
        self.transport.close()
