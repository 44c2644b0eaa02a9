"""A TCP proxy on loopback that behaves like a bad network: it cuts, delays, or lets connections hang half open."""

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from enum import Enum
from typing import Any

from tests.servers.ports import free_port

_CHUNK = 65_536
_DELAY_SECONDS = 0.2


class Weather(Enum):
    """FAIR: passes all. CUT: closes what is open, takes nothing new. SLOW: 200 ms for each piece.

    HALF_OPEN: takes connections and passes nothing on, in either direction.
    """

    FAIR = "fair"
    CUT = "cut"
    SLOW = "slow"
    HALF_OPEN = "half-open"


class Proxy:
    """Listens on `port`, a free one unless it is given, and connects to `target` of this machine; runs in a thread of
    its own.
    """

    def __init__(self, target: int, port: int | None = None) -> None:
        self.port = free_port() if port is None else port
        self._target = target
        self._weather = Weather.FAIR
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._serve, "127.0.0.1", self.port))

    def turn(self, weather: Weather) -> None:
        """Change the weather. What was cut or has hung is closed: a network that heals does not remember."""
        self._do(self._turn(weather))

    def close(self) -> None:
        """Close everything and end the thread."""
        self._do(self._turn(Weather.CUT))
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _turn(self, weather: Weather) -> None:
        before, self._weather = self._weather, weather
        if weather is Weather.CUT or before is Weather.HALF_OPEN:
            for writer in list(self._open):
                writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._weather is Weather.CUT:
            writer.transport.abort()
            return
        self._open.add(writer)
        try:
            back, forth = await asyncio.open_connection("127.0.0.1", self._target)
            self._open.add(forth)
            ways = [asyncio.create_task(self._pump(*way)) for way in ((reader, forth), (back, writer))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            forth.transport.abort()
            self._open.discard(forth)
        except OSError:
            pass  # nobody listens there at the moment: the caller sees a closed connection
        finally:
            writer.transport.abort()
            self._open.discard(writer)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await source.read(_CHUNK):
                while self._weather is Weather.HALF_OPEN:
                    await asyncio.sleep(0.05)  # until the connection is closed under it
                if self._weather is Weather.SLOW:
                    await asyncio.sleep(_DELAY_SECONDS)
                sink.write(piece)
                await sink.drain()
