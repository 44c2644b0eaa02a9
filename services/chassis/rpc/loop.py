"""The event loop of a server: it keeps the interpreter while it has work."""

import asyncio
import selectors
from typing import Final

_ROUNDS: Final = 16
"""So many rounds of ready callbacks pass at most before the loop looks at its sockets again."""


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


def new_loop() -> asyncio.AbstractEventLoop:
    """A loop that is not running yet."""
    return asyncio.SelectorEventLoop(_Selector())
