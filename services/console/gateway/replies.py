"""Answers over ASGI: whole ones, and streams."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

_ALWAYS: Final = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer."""

    status: int
    body: bytes
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    async def send(self, send: Send, request_id: str) -> None:
        """Send it; it may be kept nowhere unless its headers say otherwise."""
        headers = {"content-type": self.media_type, "content-length": str(len(self.body)), **self.headers}
        if self.status == 304:
            del headers["content-length"], headers["content-type"]
        await begin(send, self.status, headers, request_id)
        await send({"type": "http.response.body", "body": b"" if self.status == 304 else self.body})


async def begin(send: Send, status: int, headers: Mapping[str, str], request_id: str) -> None:
    """Send status and headers."""
    whole = {**_ALWAYS, **headers, "x-request-id": request_id}
    raw = [(name.encode("ascii"), value.encode("latin-1")) for name, value in whole.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})


async def piece(send: Send, body: bytes) -> None:
    """Send a part of a stream."""
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def end(send: Send) -> None:
    """End a stream."""
    await send({"type": "http.response.body", "body": b""})
