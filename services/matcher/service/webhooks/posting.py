"""Posting a message to an endpoint: bounded in time and size, no redirect followed, no word of the answer kept but the
beginning of a refusal.
"""

import asyncio
import ssl
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Self

import httpcore

from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.matcher.domain.webhooks.address import Network, parse_endpoint
from services.matcher.domain.webhooks.attempt import Answer, Outcome
from services.matcher.service.webhooks.guard import ForbiddenAddressError, GuardedBackend

SECONDS: Final = 15.0
"""For one attempt, from the name to the end of the answer."""
EXCERPT: Final = 200
_READ: Final = 4096
_LEFT_OVER: Final = 65_536
_IDLE_SECONDS: Final = 4.0
_CONNECTIONS: Final = 64
_AGENT: Final = "Bole-Webhooks/1"


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. `headers` are those of the specification: id, timestamp and signature."""

    headers: Mapping[str, str]
    body: bytes


class Poster:
    """Posts, on one event loop, with connections kept for a moment. `resolvers`: where names are looked up; `seconds`:
    for one attempt.
    """

    def __init__(
        self,
        allowed: Sequence[Network],
        resolvers: Executor,
        seconds: float = SECONDS,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed = tuple(allowed)
        self._seconds = seconds
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context or ssl.create_default_context(),
            max_connections=_CONNECTIONS,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=GuardedBackend(allowed, resolvers),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.aclose()

    async def post(self, url: str, message: Message) -> Answer:
        """What came of it; whatever goes wrong out there is an answer too."""
        begun = time.monotonic()

        def answer(outcome: Outcome, zh: str = "", en: str = "") -> Answer:
            return Answer(outcome, _since(begun), reason=Text(zh, en))

        try:
            async with asyncio.timeout(self._seconds):
                return await self._posted(url, message, begun)
        except (TimeoutError, httpcore.TimeoutException):
            return answer(
                Outcome.TIMEOUT,
                f"{self._seconds:g} 秒内未答复",
                f"no answer within {self._seconds:g} seconds",
            )
        except (ForbiddenAddressError, InvalidArgument):
            return answer(
                Outcome.FORBIDDEN_ADDRESS,
                "地址为内部或保留地址，未发送；请改用公网地址，或由管理员在 BOLE_WEBHOOK_NETWORKS 中放行",
                "it is at an internal or reserved address, nothing was sent; use a public one, "
                "or have BOLE_WEBHOOK_NETWORKS allow it",
            )
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            said = str(error)[:EXCERPT] or type(error).__name__
            return answer(Outcome.UNREACHABLE, f"无法连接：{said}", f"no connection: {said}")

    async def _posted(self, url: str, message: Message, begun: float) -> Answer:
        endpoint = parse_endpoint(url, self._allowed)
        target = httpcore.URL(
            scheme=endpoint.scheme, host=endpoint.host, port=endpoint.port, target=endpoint.target
        )
        headers = {
            "host": endpoint.authority,
            "content-type": "application/json",
            "content-length": str(len(message.body)),
            "user-agent": _AGENT,
            **message.headers,
        }
        async with self._pool.stream(
            "POST", target, headers=list(headers.items()), content=message.body
        ) as response:
            taken = 200 <= response.status < 300
            begins = await _beginning(response, _LEFT_OVER if taken else _READ)
            if taken:
                return Answer(Outcome.DELIVERED, _since(begun), response.status)
            return Answer(
                Outcome.REFUSED,
                _since(begun),
                response.status,
                _excerpt(begins),
                Text(f"答复状态 {response.status}", f"answered {response.status}"),
                _asked(response),
            )


async def _beginning(response: httpcore.Response, most: int) -> bytes:
    """As much of the answer as comes, or `most`; a connection whose answer is not read to its end is not used again."""
    found = b""
    with suppress(httpcore.ProtocolError):
        async for part in response.aiter_stream():
            found += part
            if len(found) >= most:
                break
    return found[:most]


def _excerpt(begins: bytes) -> str:
    """The first characters, those that can be shown."""
    text = begins.decode("utf-8", "replace")
    return "".join(each if each.isprintable() else " " for each in text)[:EXCERPT].strip()


def _asked(response: httpcore.Response) -> timedelta | None:
    """Retry-After in seconds (RFC 9110), the form that answers to programs use."""
    for name, value in response.headers:
        if name.lower() == b"retry-after" and value.isdigit() and len(value) <= 9:
            return timedelta(seconds=int(value))
    return None


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
