"""A gRPC server that has asked its core for several calls before they come.

gRPC's own asks for one after the other, and looks at the sockets between any two. A look gives the interpreter away,
and while threads compute it takes `sys.getswitchinterval()` to get it back, so that calls wait in the core, where
nothing turns them away. How to ask ahead is no part of what gRPC promises: its version is held for that
(`pyproject.toml`).
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any, Final, cast

import grpc
from grpc._cython import cygrpc
from grpc.aio import _server

_AHEAD: Final = 16
"""Calls that one look at the sockets may bring."""


class _Core(cygrpc.AioServer):  # type: ignore[misc]  # gRPC's compiled part has no types
    """Hands its loop what was asked for first; what has come by then costs no look."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._ahead: deque[asyncio.Future[Any]] = deque()

    def _make_request_call_future(self, method: bytes | None) -> "asyncio.Future[Any]":
        """The next call; of health and reflection, which are registered by `method`, it is asked for one by one."""
        if method is not None:
            return self._asked(method)
        while len(self._ahead) < _AHEAD:
            self._ahead.append(self._asked(None))
        return self._ahead.popleft()

    def _asked(self, method: bytes | None) -> "asyncio.Future[Any]":
        future: asyncio.Future[Any] = super()._make_request_call_future(method)
        return future

    async def shutdown(self, grace: float | None) -> None:
        """As gRPC's; calls that came and were not begun are UNAVAILABLE, which clients take to another instance."""
        ending = asyncio.ensure_future(super().shutdown(grace))
        # that it ends is noted a few turns of the loop later, and nobody is told
        while self.is_running():
            await asyncio.sleep(0)
        while self._ahead:
            await _sent_away(self._ahead.popleft())
        await ending


async def _sent_away(asked: "asyncio.Future[Any]") -> None:
    """End the call that has come, if one has: the end of the server ends the asking."""
    try:
        context = cygrpc._ServicerContext(await asked, None, None, asyncio.get_running_loop())
        await context.abort(grpc.StatusCode.UNAVAILABLE, "the server is stopping")
    except (cygrpc._RequestCallError, grpc.aio.AbortError):
        pass


class _Server(_server.Server):
    def __init__(self, core: _Core, loop: asyncio.AbstractEventLoop) -> None:
        self._server, self._loop = core, loop


def server_ahead(pool: Executor, options: Sequence[tuple[str, int]], most_rpcs: int) -> grpc.aio.Server:
    """As `grpc.aio.server` makes one for the running loop: `pool` is for handlers that are no coroutines, over
    `most_rpcs` at once calls are refused.
    """
    loop = asyncio.get_running_loop()
    core = _Core(loop, pool, (), (), tuple(options), most_rpcs)
    return cast("grpc.aio.Server", _Server(core, loop))
