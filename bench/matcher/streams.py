"""A thousand subscribers of one matcher process: events a second when many come, and how late they are.

The subscribers are streams of one client process on the same machine, which takes its part of the processor; half of
them follow everything, half one kind. First they take up to a hundred events a message, then each by itself. A burst
makes the rows of events; single changes, each awaited by everybody, the row of the lag.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import timedelta

import grpc
import numpy as np

from bench.harness import Row, Run
from bench.matcher.people import World
from bole.matcher.v1 import matching_service_pb2 as wire
from bole.matcher.v1 import matching_service_pb2_grpc
from services.chassis.identity import Grant
from services.chassis.keys import ensure_local_keys
from services.chassis.log import open_log
from services.chassis.settings import Settings, load_settings
from services.chassis.tokens import issue_local_token
from services.chassis.topics import policies
from services.cli import processes
from services.kernel.clock import SystemClock
from services.matcher.domain.item import Item
from tests.integration.matcher.producing import Producer

NAMES = ("matcher.streams",)
_SUBSCRIBERS, _CONNECTIONS = 1_000, 4
_PEOPLE, _FIRMS, _SINGLES = 400, 40, 10
_BURST = {100: 40, 1: 8}
"""People who come at once, by how many events a message carries."""
_READY_SECONDS = 300.0
_KINDS = ((), ("person-firm",))
_OWN_CONNECTION = (("grpc.use_local_subchannel_pool", 1),)
_Metadata = tuple[tuple[str, str], ...]


class _Subscriber:
    """One stream: how many messages it got, how late, and up to which event it is level."""

    def __init__(self) -> None:
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
            if message.HasField("checkpoint"):
                self.level = max(self.level, message.checkpoint.sequence)
                continue
            events = message.events.events if message.HasField("events") else [message.event]
            self.last = time.time()
            self.level = events[-1].sequence
            for event in events:
                told = event.event_time
                self.late.append(self.last - told.seconds - told.nanos / 1e9)


def measure(run: Run) -> Iterator[Row]:
    """The three rows."""
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
                yield from asyncio.run(_followed(run, settings, (producer, world), at_once))
        finally:
            processes.stop(running)
            log.close()


async def _followed(run: Run, settings: Settings, source: tuple[Producer, World], at_once: int) -> list[Row]:
    (producer, world), count = source, run.size(_SUBSCRIBERS)
    grant = Grant("talent_officer", purposes=frozenset({"talent-service"}))
    token = issue_local_token(settings.keys_dir, "bench", [grant], timedelta(hours=2), SystemClock().now())
    async with AsyncExitStack() as stack:
        stubs = [
            matching_service_pb2_grpc.MatchingServiceStub(
                await stack.enter_async_context(
                    grpc.aio.insecure_channel(settings.matcher_address, options=_OWN_CONNECTION)
                )
            )
            for _ in range(_CONNECTIONS)
        ]
        signed = (("authorization", f"Bearer {token}"),)
        subscribers = [_Subscriber() for _ in range(count)]
        tasks = [
            asyncio.create_task(
                each.follow(stubs[number % _CONNECTIONS], _KINDS[number % 2], signed, at_once)
            )
            for number, each in enumerate(subscribers)
        ]
        await _level(stubs[0], subscribers, signed)
        _forget(subscribers)
        started = time.time()
        _tell(producer, world.people(_BURST[at_once]), [])
        await _level(stubs[0], subscribers, signed)
        messages = sum(len(each.late) for each in subscribers)
        seconds = max(each.last for each in subscribers) - started
        burst = _late(subscribers)
        _forget(subscribers)
        for _ in range(_SINGLES if at_once == 1 else 0):
            _tell(producer, world.people(1), [])
            await _level(stubs[0], subscribers, signed)
        single = _late(subscribers) if at_once == 1 else burst
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    name = "matcher.streams" if at_once > 1 else "matcher.streams.single"
    rows = [
        run.row(
            name,
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
        rows.append(run.row("matcher.streams.lag", single[1], "s", n=count, note=note))
    return rows


async def _level(
    stub: matching_service_pb2_grpc.MatchingServiceStub, all_: list[_Subscriber], signed: _Metadata
) -> None:
    """Until the index has followed the log and everybody who follows everything has heard of its last event."""
    while True:
        status = await stub.GetIndexStatus(wire.GetIndexStatusRequest(), timeout=60, metadata=signed)
        if status.level and all(each.level >= status.last_sequence for each in all_[::2]):
            return
        await asyncio.sleep(0.02)


def _forget(all_: list[_Subscriber]) -> None:
    for each in all_:
        each.late = []


def _late(all_: list[_Subscriber]) -> tuple[float, float]:
    late = np.concatenate([each.late for each in all_])
    return float(np.quantile(late, 0.5)), float(np.quantile(late, 0.99))


def _tell(producer: Producer, people: list[Item], firms: list[Item]) -> None:
    for firm in firms:
        producer.firm(firm.id, firm.text, code=firm.leaves[0][0], city=str(firm.city))
    for person in people:
        producer.person(person.id, person.text, code=person.leaves[0][0], city=str(person.city))
