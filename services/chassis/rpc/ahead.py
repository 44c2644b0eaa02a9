"""A gRPC server that has asked its core for several calls before they come.

gRPC's own asks for one after the other, and looks at the sockets between any two. A look gives the interpreter away,
and while threads compute it takes `sys.getswitchinterval()` to get it back, so that calls wait in the core, where
nothing turns them away. Who is turned away is so here, before gRPC has made three tasks for the call and looked for its
method. How to do that is no part of what gRPC promises: its version is held for it (`pyproject.toml`).
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from typing import Any, Final, Protocol, cast

import grpc
from grpc._cython import cygrpc
from grpc.aio import _server

from services.chassis.rpc.exchange import Ending, Metadata
from services.chassis.rpc.loop import ServingLoop

_AHEAD: Final = 64
"""Calls that one look at the sockets may bring."""


class Door(Protocol):
    """Says of each call that comes whether it is taken in. Asked on the event loop: it waits for nothing."""

    def takes(self) -> bool:
        """Whether a call that comes now is taken in."""
        ...

    def computes(self) -> bool:
        """Whether it is better not to be woken for each call that comes: somebody would have to stop for it."""
        ...

    def ending(self, metadata: Metadata) -> Ending:
        """How a call that is not taken in ends, from all that is known of it; counts it."""
        ...


class _Core(cygrpc.AioServer):  # type: ignore[misc]  # gRPC's compiled part has no types
    """Hands its loop what was asked for first; what has come by then costs no look."""

    def __init__(self, door: Door, *given: Any) -> None:
        super().__init__(*given)
        self._door = door
        self._taken_in: asyncio.Queue[Any] = asyncio.Queue()
        self._asking: list[asyncio.Task[None]] = []
        self._endings: set[asyncio.Task[None]] = set()

    def _make_request_call_future(self, method: bytes | None) -> "asyncio.Future[Any]":
        """The next call; of health and reflection, which are registered by `method`, it is asked for one by one."""
        if method is not None:
            asked: asyncio.Future[Any] = super()._make_request_call_future(method)
            return asked
        loop = asyncio.get_running_loop()
        while len(self._asking) < _AHEAD:
            self._asking.append(loop.create_task(self._ask()))
        return loop.create_task(self._next())

    async def _next(self) -> Any:
        came = await self._taken_in.get()
        if isinstance(came, Exception):
            raise came
        return came

    async def _ask(self) -> None:
        """Ask for one call after the other until the server ends; who is not taken in ends here."""
        try:
            while True:
                self._take_in_or_end(await self._request_call())
        except Exception as error:  # noqa: BLE001 - gRPC's own task, which waits for a call, is to hear of any
            self._taken_in.put_nowait(error)

    def _take_in_or_end(self, came: Any) -> None:
        if not self.is_running() or self._door.takes():  # nobody is told to come back to a server that ends
            self._taken_in.put_nowait(came)
        else:
            loop = asyncio.get_running_loop()
            if isinstance(loop, ServingLoop) and self._door.computes():
                loop.gather()
            ending = asyncio.create_task(_ended(came, self._door.ending))
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)

    async def shutdown(self, grace: float | None) -> None:
        """As gRPC's; calls that came and were not begun are UNAVAILABLE, which clients take to another instance."""
        ending = asyncio.ensure_future(super().shutdown(grace))
        await asyncio.gather(*self._asking)
        while not self._taken_in.empty():
            came = self._taken_in.get_nowait()
            if not isinstance(came, Exception):
                await _ended(
                    came, lambda _metadata: (grpc.StatusCode.UNAVAILABLE, "the server is stopping", ())
                )
        await ending


async def _ended(came: Any, ending: Callable[[Metadata], Ending]) -> None:
    """End a call that has come, and of which nothing was read but its metadata; its caller may have gone.

    Not by `abort`, which leaves a circle of objects around the call: it would count as one of its connection's calls
    until the interpreter looks for circles.
    """
    loop = asyncio.get_running_loop()
    code, message, trailing = ending(cygrpc._ServicerContext(came, None, None, loop).invocation_metadata())
    first = cygrpc.SendInitialMetadataOperation(None, 0)
    with suppress(cygrpc.ExecuteBatchError):
        await cygrpc._send_error_status_from_server(came, code.value[0], message, trailing, first, loop)


class _Server(_server.Server):
    def __init__(self, core: _Core, loop: asyncio.AbstractEventLoop) -> None:
        self._server, self._loop = core, loop


def server_ahead(
    pool: Executor, options: Sequence[tuple[str, int]], most_rpcs: int, door: Door
) -> grpc.aio.Server:
    """As `grpc.aio.server` makes one for the running loop: `pool` is for handlers that are no coroutines, over
    `most_rpcs` at once calls are refused. Calls of health and reflection do not come by `door`.
    """
    loop = asyncio.get_running_loop()
    core = _Core(door, loop, pool, (), (), tuple(options), most_rpcs)
    return cast("grpc.aio.Server", _Server(core, loop))
