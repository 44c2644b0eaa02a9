"""A thousand subscribers of one matcher process: messages a second when many events come, and how late they are.

The subscribers are streams of one client process on the same machine; half of them follow
everything, half one kind. A burst makes the first row; single changes, each awaited by everybody, the second.
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

NAMES = ("matcher.streams.burst", "matcher.streams.lag")
_SUBSCRIBERS, _CONNECTIONS = 1_000, 4
_PEOPLE, _FIRMS, _BURST, _SINGLES = 400, 40, 40, 25
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
    ) -> None:
        async for message in stub.WatchMatches(wire.WatchMatchesRequest(kinds=kinds), metadata=signed):
            if message.HasField("event"):
                self.last = time.time()
                self.level = message.event.sequence
                told = message.event.event_time
                self.late.append(self.last - told.seconds - told.nanos / 1e9)
            else:
                self.level = max(self.level, message.checkpoint.sequence)


def measure(run: Run) -> Iterator[Row]:
    """Both rows."""
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
            yield from asyncio.run(_followed(run, settings, producer, world))
        finally:
            processes.stop(running)
            log.close()


async def _followed(run: Run, settings: Settings, producer: Producer, world: World) -> list[Row]:
    count = run.size(_SUBSCRIBERS)
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
            asyncio.create_task(each.follow(stubs[number % _CONNECTIONS], _KINDS[number % 2], signed))
            for number, each in enumerate(subscribers)
        ]
        await _level(stubs[0], subscribers, signed)
        _forget(subscribers)
        started = time.time()
        _tell(producer, world.people(_BURST), [])
        await _level(stubs[0], subscribers, signed)
        messages = sum(len(each.late) for each in subscribers)
        seconds = max(each.last for each in subscribers) - started
        burst = _late(subscribers)
        _forget(subscribers)
        for _ in range(_SINGLES):
            _tell(producer, world.people(1), [])
            await _level(stubs[0], subscribers, signed)
        single = _late(subscribers)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return [
        run.row(
            "matcher.streams.burst",
            messages / seconds,
            "messages/s",
            n=count,
            lower_is_better=False,
            note=f"{messages:,} messages, from the log on; lag p50 {burst[0]:.2f} s, p99 {burst[1]:.2f} s",
        ),
        run.row(
            "matcher.streams.lag",
            single[1],
            "s",
            n=count,
            note=f"p99 from the event to the subscriber, single changes; p50 {single[0]:.3f} s",
        ),
    ]


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
