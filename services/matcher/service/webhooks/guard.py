"""The guard of every connection to an endpoint: a name is resolved once, all its addresses are judged, and one of
those very addresses is connected to. What it resolves to a moment later does not matter.
"""

import asyncio
import socket
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from typing import Any, Final

import httpcore

from services.matcher.domain.webhooks.address import Network, may_reach, resolved

RESOLVERS: Final = 16
"""Names looked up at the same time."""


class ForbiddenAddressError(Exception):
    """The name stands for an address that nothing is sent to."""


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to public addresses and those of the networks `allowed`.

    `resolve` works in `resolvers`, and raises OSError for no name.
    """

    def __init__(
        self,
        allowed: Sequence[Network],
        resolvers: Executor,
        inner: httpcore.AsyncNetworkBackend | None = None,
        resolve: Callable[[str, int], Sequence[str]] | None = None,
    ) -> None:
        self._allowed = tuple(allowed)
        self._inner = inner or httpcore.AnyIOBackend()
        self._resolve = resolve or _resolve
        self._resolvers = resolvers

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to one of the name's addresses. Raises ForbiddenAddressError if any of them is none to reach,
        httpcore.ConnectError if the name stands for nothing or nobody answers.
        """
        refusal: Exception = httpcore.ConnectError("no address")
        for address in await self._addresses(host, port):
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                refusal = error
        raise refusal

    async def sleep(self, seconds: float) -> None:
        """See httpcore."""
        await self._inner.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> Sequence[str]:
        loop = asyncio.get_running_loop()
        try:
            addresses = await loop.run_in_executor(self._resolvers, self._resolve, host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("the name stands for no address") from error
        if not all(may_reach(resolved(each), self._allowed) for each in addresses):
            raise ForbiddenAddressError
        return addresses


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))
