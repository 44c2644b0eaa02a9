"""The gRPC server of a service: asyncio outside, a thread pool for handlers, a graceful end."""

import asyncio
import logging
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from services.chassis.configuration import EXIT_CONFIGURATION, ConfigurationError
from services.chassis.process.precedence import Precedence
from services.chassis.rpc.admission import STANDING_SECONDS, WAIT_SECONDS, Admission
from services.chassis.rpc.ahead import server_ahead
from services.chassis.rpc.exchange import Interceptor
from services.chassis.rpc.health import PATIENCE, Health, Patience
from services.chassis.rpc.loop import new_loop
from services.chassis.rpc.registration import Service, register
from services.chassis.rpc.turns import Turns
from services.chassis.rpc.wrapping import LOOK_AGAIN_SECONDS, Wrapping
from services.chassis.telemetry.logs import log
from services.kernel.threads import standing

LARGEST_MESSAGE: Final = 4 * 1024 * 1024
ANSWER_SECONDS: Final = 7_200.0
"""How long a call may take, wherever in the life of its connection it begins."""

STREAMS_A_CONNECTION: Final = 1_000
"""How many calls, streams among them, one connection carries at once."""

_BESIDE: Final = 6
"""Threads for what streams and uploads read and write beside the loop."""

_WATCH_AGAIN_SECONDS: Final = 1.0
_LEAST_GRACE_SECONDS: Final = 1.0

_CHANNEL_OPTIONS: Final = (
    ("grpc.so_reuseport", 0),  # a second instance on the port fails loudly
    ("grpc.max_receive_message_length", LARGEST_MESSAGE),
    ("grpc.max_send_message_length", LARGEST_MESSAGE),
    ("grpc.max_concurrent_streams", STREAMS_A_CONNECTION),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_ping_interval_without_data_ms", 15_000),
)


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """How a server runs. Seconds everywhere. Port 0 takes any free port.

    `health_address`: a second port, always plain, that answers health checks and nothing else: kubelet's probes speak
    no TLS.
    `standing_seconds`, `wait_seconds`: when a queue of calls is overload, see `Admission`.
    `connection_seconds`: how long a connection takes new calls, so that clients spread over replicas.
    `probe_seconds`, `probe_patience`: how often readiness is asked for, and how long an answer may take.
    `look_again_seconds`: how often the reader of a stream has to show the credential again.
    `answer_seconds`: how long calls that run on it by then go on; whatever takes longer is cut.
    `end_seconds`: how long loops and calls have together, a second for calls at least: what loops take of it beyond the
    difference is not there for calls and streams.
    `most_rpcs`: how many calls run at once; several times as many may have come and wait to be begun.
    """

    address: str
    threads: int = 16
    drain_seconds: float = 0.0
    grace_seconds: float = 5.0
    end_seconds: float = 7.0
    most_rpcs: int = 5_000
    probe_seconds: float = 1.0
    probe_patience: Patience = PATIENCE
    idle_seconds: float = 30.0
    reflection: bool = False
    credentials: grpc.ServerCredentials | None = None
    health_address: str | None = None
    standing_seconds: float = STANDING_SECONDS
    wait_seconds: float = WAIT_SECONDS
    connection_seconds: float = 600.0
    answer_seconds: float = ANSWER_SECONDS
    look_again_seconds: float = LOOK_AGAIN_SECONDS

    @property
    def channel(self) -> tuple[tuple[str, int], ...]:
        """What gRPC is told of connections, and of calls that have come: of its own accord its core ends some of them
        as CANCELLED when a thousand wait to be begun, which subscribers do who all come back in one moment. Whoever
        is refused by us is told when to come back.
        """
        return (
            *_CHANNEL_OPTIONS,
            ("grpc.server.max_pending_requests", _WAITING * self.most_rpcs),
            ("grpc.server.max_pending_requests_hard_limit", _WAITING * self.most_rpcs),
            ("grpc.max_connection_age_ms", round(self.connection_seconds * 1000)),
            ("grpc.max_connection_age_grace_ms", round(self.answer_seconds * 1000)),
        )


_WAITING = 4
"""Times as many calls may wait to be begun as may run: each is taken up, and told if it is too much."""


@dataclass(slots=True)
class Server:
    """Serves until SIGTERM, SIGINT or `stop()`.

    The end: NOT_SERVING, wait `drain_seconds`, `on_stop` callbacks in order (feeds, relay), no new calls
    and `grace_seconds` for those that run. Streams still open end as UNAVAILABLE; clients resume by token.
    """

    options: ServerOptions
    services: Sequence[Service]
    interceptors: Sequence[Interceptor]
    now: Callable[[], datetime]
    is_ready: Callable[[], bool] = lambda: True
    hang_up: Callable[[], None] = lambda: None
    """Ends whatever waits for what `is_ready` gets no answer from; it must not wait itself."""
    further_names: Sequence[str] = ()
    """Of the health, beside those of the services."""
    on_start: Callable[[str], None] = lambda _address: None
    on_stop: Sequence[Callable[[], None]] = ()
    precedence: Precedence = field(default_factory=Precedence)
    _loop: asyncio.AbstractEventLoop | None = field(default=None, init=False)
    _stop: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def run(self, *, signals: bool = True) -> int:
        """Serve on this thread; returns the exit code: 0, or 78 if the address cannot be had.

        Only the main thread can listen to signals.
        """
        try:
            with asyncio.Runner(loop_factory=new_loop) as runner:
                runner.run(self.serve(signals=signals))
        except ConfigurationError as error:
            log(logging.CRITICAL, "cannot start", reason=error.reason, key=error.key)
            sys.stderr.write(f"{error.text}\n")
            return EXIT_CONFIGURATION
        return 0

    def stop(self) -> None:
        """Begin the graceful end; safe from any thread, and more than once."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)

    async def serve(self, *, signals: bool = False) -> None:
        """Serve on the running loop. Raises ConfigurationError if the address is taken."""
        self._loop = asyncio.get_running_loop()
        self._loop.set_default_executor(standing(_BESIDE, "beside"))
        if signals:
            for number in (signal.SIGTERM, signal.SIGINT):
                self._loop.add_signal_handler(number, self._stop.set)
        with self._turns() as turns:
            names = [service.full_name for service in self.services]
            every = [*names, *self.further_names]
            health = Health(
                every,
                self.is_ready,
                turns.pool,
                self.options.probe_seconds,
                self.hang_up,
                self.options.probe_patience,
            )
            server = self._build(turns, health, names)
            address = self._listen(server, self.options.address, self.options.credentials)
            beside = self._health_beside(health)
            await health.begin()
            for each in (server, *beside):
                await each.start()
            watching = [asyncio.create_task(lasting(watch)) for watch in (health.watch, turns.watch)]
            log(logging.INFO, "serving", address=address)
            self.on_start(address)
            await self._stop.wait()
            await self._end([server, *beside], health, watching)

    def _turns(self) -> Turns:
        options = self.options
        return Turns(options.threads, Admission(options.standing_seconds, options.wait_seconds))

    def _build(self, turns: Turns, health: Health, names: Sequence[str]) -> grpc.aio.Server:
        wrapping = Wrapping(
            self.interceptors,
            turns,
            self.now,
            self.precedence,
            self.options.idle_seconds,
            self.options.look_again_seconds,
        )
        server = server_ahead(turns.pool, self.options.channel, self.options.most_rpcs, wrapping)
        register(server, wrapping, self.services)
        health_pb2_grpc.add_HealthServicer_to_server(health.servicer, server)
        if self.options.reflection:
            health_name = health_pb2.DESCRIPTOR.services_by_name["Health"].full_name
            reflection.enable_server_reflection((*names, health_name, reflection.SERVICE_NAME), server)
        return server

    def _health_beside(self, health: Health) -> list[grpc.aio.Server]:
        """The server of the health port, if there is one."""
        if self.options.health_address is None:
            return []
        server = grpc.aio.server(options=self.options.channel)
        health_pb2_grpc.add_HealthServicer_to_server(health.servicer, server)
        self._listen(server, self.options.health_address, None)
        return [server]

    @staticmethod
    def _listen(server: grpc.aio.Server, address: str, credentials: grpc.ServerCredentials | None) -> str:
        """Bind; the address with the port that was really taken."""
        try:
            if credentials is None:
                port = server.add_insecure_port(address)
            else:
                port = server.add_secure_port(address, credentials)
        except RuntimeError as error:
            raise ConfigurationError(
                address,
                "地址已被占用或无法绑定，请停止占用它的进程或更换地址",
                "the address is taken or cannot be bound; stop the process that holds it, or choose another",
            ) from error
        return f"{address.rpartition(':')[0]}:{port}"

    async def _end(
        self, servers: Sequence[grpc.aio.Server], health: Health, watching: Sequence["asyncio.Task[None]"]
    ) -> None:
        log(logging.INFO, "draining", seconds=self.options.drain_seconds)
        await health.drain()
        # Balancers notice NOT_SERVING at their own pace: calls are still taken for that long.
        await asyncio.sleep(self.options.drain_seconds)
        end = time.monotonic() + self.options.end_seconds
        for callback in self.on_stop:
            await asyncio.to_thread(callback)
        left = max(_LEAST_GRACE_SECONDS, end - time.monotonic())
        grace = min(self.options.grace_seconds, left)
        await asyncio.gather(*(server.stop(grace) for server in servers))
        if health.standing_still:
            self.hang_up()
        for each in watching:
            each.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
        log(logging.INFO, "stopped")


async def lasting(watch: Callable[[], Awaitable[None]]) -> None:
    """Watch anew after an error of any kind: nobody would hear of a task that has ended."""
    while True:
        try:
            return await watch()
        except Exception as error:  # noqa: BLE001 - whatever it is, the process goes on and must be looked at
            log(logging.ERROR, "a watch over the server failed and begins anew", error=error)
            await asyncio.sleep(_WATCH_AGAIN_SECONDS)
