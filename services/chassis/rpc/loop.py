"""The event loop of a server: it keeps the interpreter while it has work."""

import asyncio
import selectors
import socket
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVarTuple

if TYPE_CHECKING:
    from _typeshed import HasFileno

_Given = TypeVarTuple("_Given")

_ROUNDS: Final = 16
"""So many rounds of ready callbacks pass at most before the loop looks at its sockets again."""
_ALL: Final = 65_536
_GATHER_SECONDS: Final = 0.01


class _Selector(selectors.DefaultSelector):
    """Looks at the sockets when there is nothing else to do, or after so many rounds.

    asyncio looks before each round, also if callbacks are ready. A look gives the interpreter away, and while threads
    compute it takes `sys.getswitchinterval()` to get it back: five times for each call, which passes so many rounds.
    """

    def __init__(self) -> None:
        super().__init__()
        self._passed = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready; nothing without a look while asyncio has callbacks to run (`timeout` 0)."""
        if timeout == 0 and self._passed < _ROUNDS:
            self._passed += 1
            return []
        self._passed = 0
        return super().select(timeout)


class _Emptied(socket.socket):
    """A socket of which each reading takes all that is there, however little is asked for."""

    __slots__ = ()

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """As of any socket, but up to 64 KiB."""
        return super().recv(max(bufsize, _ALL), flags)


class ServingLoop(asyncio.SelectorEventLoop):
    """Is woken once for all that gRPC has to tell.

    gRPC's core puts a byte into a socket for each event, and its Python takes one byte out of it and all events: after
    sixteen events that came together the loop would look at its sockets fifteen times for nothing, and give the
    interpreter away twice each time.
    """

    def __init__(self) -> None:
        super().__init__(_Selector())
        self._heard: dict[_Emptied, Callable[[], object]] = {}
        self._gathering = False

    def add_reader(self, fd: "int | HasFileno", callback: Callable[[*_Given], Any], *args: *_Given) -> None:
        """As of any loop; asyncio's own sockets do not come this way, gRPC's does."""
        if type(fd) is socket.socket:
            fd.__class__ = _Emptied
        if isinstance(fd, _Emptied):
            self._heard[fd] = partial(super().add_reader, fd, callback, *args)
        super().add_reader(fd, callback, *args)

    def remove_reader(self, fd: "int | HasFileno") -> bool:
        """As of any loop."""
        if isinstance(fd, _Emptied):
            self._heard.pop(fd, None)
        return super().remove_reader(fd)

    def gather(self) -> None:
        """Let what gRPC has to tell come together for 10 ms; of work that is done the loop hears at once.

        For when more comes than can be done: each time the loop is woken, whoever computes has to stop for it.
        """
        if self._gathering:
            return
        self._gathering = True
        for each in self._heard:
            super().remove_reader(each)
        self.call_later(_GATHER_SECONDS, self._hear)

    def _hear(self) -> None:
        self._gathering = False
        for again in self._heard.values():
            again()


def new_loop() -> asyncio.AbstractEventLoop:
    """A loop that is not running yet."""
    return ServingLoop()
