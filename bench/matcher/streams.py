"""A thousand subscribers of one matcher process, and three thousand: events a second when many come, and how late
they are.

The subscribers are streams of one client process on the same machine, which takes its part of the processor; half of
them follow everything, half one kind. First they take up to a hundred events a message, then each by itself. A burst
makes the rows of events; single changes, each awaited by everybody, the row of the lag. A stream that ends before its
time ends the measurement.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import grpc
import numpy as np

from bench.harness import Row, Run
from bench.matcher.people import World
from bole.matcher.v1 import matching_service_pb2 as wire
from bole.matcher.v1 import matching_service_pb2_grpc
from services.chassis.identity.identity import Grant
from services.chassis.identity.tokens import issue_local_token
from services.chassis.keys import ensure_local_keys
from services.chassis.log.log import open_log
from services.chassis.log.topics import policies
from services.chassis.settings import Settings, load_settings
from services.cli.running import processes
from services.kernel.clock import SystemClock
from services.matcher.domain.item import Item
from tests.integration.matcher.producing import Producer

NAMES = ("matcher.streams",)
_SUBSCRIBERS = {"matcher.streams": 1_000, "matcher.streams.3k": 3_000}
"""By what their rows begin with."""
_CONNECTIONS, _OPENING = 4, 200
"""Over how many connections they come, and how many open at once."""
_PEOPLE, _FIRMS, _SINGLES = 400, 40, 10
_BURST = {100: 40, 1: 8}
"""People who come at once, by how many events a message carries."""
_READY_SECONDS = _LEVEL_SECONDS = 300.0
_KINDS = ((), ("person-firm",))
_OWN_CONNECTION = (("grpc.use_local_subchannel_pool", 1),)
_LOOK_SECONDS = 0.02
_Metadata = tuple[tuple[str, str], ...]


class _Subscriber:
    """One stream: whether it is open, how late its messages came, and up to which event it is level."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.level = -1
        self.late: list[float] = []
        self.last = 0.0

    async def follow(
        self,
        stub: matching_service_pb2_grpc.MatchingServiceStub,
        kinds: tuple[str, ...],
        signed: _Metadata,
        at_once: int,
    ) -> None:
        request = wire.WatchMatchesRequest(kinds=kinds, events_per_message=at_once)
        async for message in stub.WatchMatches(request, metadata=signed):
            self.opened.set()
            if message.HasField("checkpoint"):
                self.level = max(self.level, message.checkpoint.sequence)
                continue
            events = message.events.events if message.HasField("events") else [message.event]
            self.last = time.time()
            self.level = events[-1].sequence
            for event in events:
                told = event.event_time
                self.late.append(self.last - told.seconds - told.nanos / 1e9)


@dataclass(frozen=True)
class _Audience:
    """All subscribers, each with the task that reads its stream. Those in even places follow everything."""

    stubs: Sequence[matching_service_pb2_grpc.MatchingServiceStub]
    signed: _Metadata
    subscribers: Sequence[_Subscriber]
    reading: list["asyncio.Task[None]"]

    @classmethod
    @asynccontextmanager
    async def of(
        cls, count: int, address: str, signed: _Metadata, at_once: int
    ) -> "AsyncIterator[_Audience]":
        """So many, all open. Raises RuntimeError if one cannot be opened."""
        async with AsyncExitStack() as stack:
            stubs = [
                matching_service_pb2_grpc.MatchingServiceStub(
                    await stack.enter_async_context(
                        grpc.aio.insecure_channel(address, options=_OWN_CONNECTION)
                    )
                )
                for _ in range(_CONNECTIONS)
            ]
            audience = cls(stubs, signed, [_Subscriber() for _ in range(count)], [])
            try:
                for start in range(0, count, _OPENING):
                    await audience._open(range(start, min(start + _OPENING, count)), at_once)
                yield audience
            finally:
                for task in audience.reading:
                    task.cancel()
                await asyncio.gather(*audience.reading, return_exceptions=True)

    async def _open(self, numbers: range, at_once: int) -> None:
        for number in numbers:
            follow = self.subscribers[number].follow
            stub, kinds = self.stubs[number % _CONNECTIONS], _KINDS[number % 2]
            self.reading.append(asyncio.create_task(follow(stub, kinds, self.signed, at_once)))
        while not all(self.subscribers[number].opened.is_set() for number in numbers):
            self._require_open()
            await asyncio.sleep(_LOOK_SECONDS)

    async def level(self) -> None:
        """Until the index has followed the log and everybody who follows everything has heard of its last event.

        Raises RuntimeError if a stream has ended, TimeoutError after `_LEVEL_SECONDS`.
        """
        async with asyncio.timeout(_LEVEL_SECONDS):
            while True:
                status = await self.stubs[0].GetIndexStatus(
                    wire.GetIndexStatusRequest(), timeout=60, metadata=self.signed
                )
                self._require_open()
                if status.level and all(each.level >= status.last_sequence for each in self.subscribers[::2]):
                    return
                await asyncio.sleep(_LOOK_SECONDS)

    def _require_open(self) -> None:
        if ended := [task for task in self.reading if task.done()]:
            why = ended[0].exception() or "it was closed"
            raise RuntimeError(f"{len(ended)} of {len(self.reading)} streams have ended, one of them: {why}")

    def forget(self) -> None:
        """What came so far counts for no row."""
        for each in self.subscribers:
            each.late = []

    def late(self) -> tuple[float, float]:
        """How late what has come was, in seconds: the median and the 99th percentile."""
        late = np.concatenate([each.late for each in self.subscribers])
        return float(np.quantile(late, 0.5)), float(np.quantile(late, 0.99))


def measure(run: Run) -> Iterator[Row]:
    """Three rows for each number of subscribers."""
    for name, count in _SUBSCRIBERS.items():
        if any(row.startswith(run.only) for row in (name, f"{name}.single", f"{name}.lag")):
            yield from _measured(run, name, run.size(count))


def _measured(run: Run, name: str, count: int) -> Iterator[Row]:
    with run.folder() as folder:
        settings = processes.free_addresses(
            load_settings({"BOLE_DATA_DIR": str(folder), "BOLE_LOG_LEVEL": "WARNING"})
        )
        ensure_local_keys(settings.keys_dir)
        log = open_log(f"sqlite:///{folder}/log.db")
        log.ensure_topics(policies())
        producer, world = Producer(log, settings.keys_dir, SystemClock()), World(run.seed)
        _tell(producer, world.people(_PEOPLE), world.firms(_FIRMS))
        running = processes.start(settings, ("matcher",))
        try:
            processes.wait_ready(running, _READY_SECONDS)
            for at_once in _BURST:
                rows = _followed(run, settings, (producer, world), (name, count, at_once))
                yield from asyncio.run(rows)
        finally:
            processes.stop(running)
            log.close()


async def _followed(
    run: Run, settings: Settings, source: tuple[Producer, World], asked: tuple[str, int, int]
) -> list[Row]:
    (producer, world), (name, count, at_once) = source, asked
    grant = Grant("talent_officer", purposes=frozenset({"talent-service"}))
    token = issue_local_token(settings.keys_dir, "bench", [grant], timedelta(hours=2), SystemClock().now())
    signed = (("authorization", f"Bearer {token}"),)
    async with _Audience.of(count, settings.matcher_address, signed, at_once) as audience:
        await audience.level()
        audience.forget()
        started = time.time()
        _tell(producer, world.people(_BURST[at_once]), [])
        await audience.level()
        messages = sum(len(each.late) for each in audience.subscribers)
        seconds = max(each.last for each in audience.subscribers) - started
        burst = audience.late()
        audience.forget()
        for _ in range(_SINGLES if at_once == 1 else 0):
            _tell(producer, world.people(1), [])
            await audience.level()
        single = audience.late() if at_once == 1 else burst
    rows = [
        run.row(
            name if at_once > 1 else f"{name}.single",
            messages / seconds,
            "events/s",
            n=count,
            lower_is_better=False,
            note=f"{messages:,} events, up to {at_once} a message, from the log on; lag p50 {burst[0]:.2f} s, "
            f"p99 {burst[1]:.2f} s",
        )
    ]
    if at_once == 1:
        note = f"p99 from the event to the subscriber, single changes; p50 {single[0]:.3f} s"
        rows.append(run.row(f"{name}.lag", single[1], "s", n=count, note=note))
    return rows


def _tell(producer: Producer, people: list[Item], firms: list[Item]) -> None:
    for firm in firms:
        producer.firm(firm.id, firm.text, code=firm.leaves[0][0], city=str(firm.city))
    for person in people:
        producer.person(person.id, person.text, code=person.leaves[0][0], city=str(person.city))
