"""Streams within the process: from the database to the hub's memory without a gap, and readers that are too slow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest

from bole.matcher.v1 import matching_service_pb2 as wire
from services.catalogue import load
from services.chassis.house import House
from services.chassis.identity.identity import Grant, Principal
from services.chassis.rpc.call import serving
from services.kernel.errors import OutOfRange, ResourceExhausted, Unavailable
from services.matcher.hub import KEPT, Hub
from services.matcher.rpc.watch_messages import METHOD, binding
from services.matcher.rpc.watching import Watching
from services.matcher.store import matches
from tests.integration.matcher.calling import call
from tests.integration.matcher.installed import TEXTS, Matcher, load_some
from tests.integration.matcher.producing import Producer

pytestmark = pytest.mark.parametrize("urls", ["embedded"], indirect=True)
SECONDS = 60.0


class Watched(Hub):
    """A hub that says when a stream has begun to wait at it, and lets it wait until it is roused."""

    def __init__(self, kept: int = KEPT) -> None:
        super().__init__(kept)
        self.waited_on = asyncio.Event()

    async def wait(self, after: int, seconds: float) -> None:
        self.waited_on.set()
        await super().wait(after, 3600.0)


async def take(stream: AsyncIterator[Any], count: int) -> list[int]:
    """The numbers of the next events; checkpoints are passed over."""
    numbers: list[int] = []
    while len(numbers) < count:
        message = await asyncio.wait_for(anext(stream), SECONDS)
        if message.HasField("event"):
            numbers.append(message.event.sequence)
    return numbers


def test_from_the_database_into_memory_without_gap_or_duplicate(
    house: House, matcher: Matcher, producer: Producer
) -> None:
    load_some(producer)
    matcher.follow()
    stored = len(matcher.events())
    matcher.hub.follow_writer(stored)

    async def scenario() -> list[int]:
        watching = Watching(house, matcher.hub, load())
        async with aclosing(watching.stream(wire.WatchMatchesRequest(from_start=True))) as stream:
            numbers = await take(stream, stored // 2)
            producer.person("live", TEXTS[0])
            await asyncio.to_thread(matcher.follow)
            total = len(matcher.events())
            assert total > stored
            numbers += await take(stream, total - stored // 2)
            return numbers

    with serving(call()):
        assert asyncio.run(scenario()) == list(range(1, len(matcher.events()) + 1))


def test_a_stream_is_woken_by_news(house: House, producer: Producer) -> None:
    hub = Watched()
    matcher = Matcher.over(house, hub)
    load_some(producer)
    matcher.follow()
    last = matcher.events()[-1].sequence

    async def scenario() -> list[int]:
        async with aclosing(Watching(house, hub, load()).stream(wire.WatchMatchesRequest())) as stream:
            await anext(stream)
            waiting = asyncio.create_task(take(stream, 1))
            await hub.waited_on.wait()
            producer.person("live", TEXTS[0])
            await asyncio.to_thread(matcher.follow)
            return await waiting

    with serving(call()):
        assert asyncio.run(scenario()) == [last + 1]
    matcher.end()


def test_funds_are_followed_by_the_industries_of_their_mandates(
    house: House, matcher: Matcher, producer: Producer
) -> None:
    """One that names no industry is in every direction; one whose mandate moves into a direction is told anew there."""
    producer.firm("carbide", TEXTS[0], code="sic")
    producer.firm("gas", TEXTS[1], code="seawater-h2")
    for fund, industries in (("semi", ["third-gen-semiconductor"]), ("h2", ["hydrogen"]), ("open", [])):
        producer.fund(fund, industry_codes=industries)
    matcher.follow()
    matcher.hub.follow_writer(len(matcher.events()))
    asked = wire.WatchMatchesRequest(kinds=["firm-fund"], direction_codes=["sic"], from_start=True)

    async def scenario() -> list[tuple[str, str, int]]:
        async with aclosing(Watching(house, matcher.hub, load()).stream(asked)) as stream:
            found = [await told(stream) for _ in range(3)]
            producer.fund("h2", industry_codes=["hydrogen", "third-gen-semiconductor"])
            await asyncio.to_thread(matcher.follow)
            return found + [await told(stream) for _ in range(2)]

    with serving(call()):
        found = asyncio.run(scenario())
    directions = len(load().leaves_of("third-gen-semiconductor")), len(load().leaves_of("hydrogen"))
    assert {(anchor, candidate) for anchor, candidate, _ in found[:3]} == {
        ("funds/semi", "firms/carbide"),
        ("funds/open", "firms/carbide"),
        ("funds/open", "firms/gas"),
    }
    assert {(anchor, named) for anchor, _, named in found[:3]} == {
        ("funds/semi", directions[0]),
        ("funds/open", 0),
    }
    assert set(found[3:]) == {("funds/h2", f"firms/{firm}", sum(directions)) for firm in ("carbide", "gas")}


async def told(stream: AsyncIterator[Any]) -> tuple[str, str, int]:
    """Anchor and candidate of the next event, and how many directions it names."""
    while not (message := await asyncio.wait_for(anext(stream), SECONDS)).HasField("event"):
        pass
    return message.event.anchor, message.event.candidate, len(message.event.direction_codes)


def test_a_reader_that_stays_behind_is_sent_away_with_its_token(
    house: House, matcher: Matcher, producer: Producer
) -> None:
    load_some(producer)
    matcher.follow()
    hub = Watched(kept=3)
    last = matcher.events()[-1].sequence
    hub.follow_writer(last)

    async def scenario() -> str:
        async with aclosing(
            Watching(house, hub, load(), patience=0).stream(wire.WatchMatchesRequest())
        ) as slow:
            assert (await anext(slow)).checkpoint.sequence == last
            waiting = asyncio.create_task(take(slow, 1))
            await hub.waited_on.wait()
            producer.person("live", TEXTS[0])
            await asyncio.to_thread(matcher.follow)
            hub.tell(matcher.events()[last:])
            with pytest.raises(ResourceExhausted) as caught:
                await waiting
            return caught.value.metadata["resumeToken"]

    with serving(call()):
        token = asyncio.run(scenario())
        assert len(matcher.events()) - last > 3
        asyncio.run(resumes_after(house, hub, token, last))


async def resumes_after(house: House, hub: Hub, token: str, last: int) -> None:
    request = wire.WatchMatchesRequest(resume_token=token)
    async with aclosing(Watching(house, hub, load()).stream(request)) as stream:
        assert await take(stream, 2) == [last + 1, last + 2]


def test_a_token_older_than_the_oldest_event_says_how_to_start_again(
    house: House, matcher: Matcher, producer: Producer
) -> None:
    with house.database.write() as session:
        matches.move_mark(session, matches.mark(session), matches.Mark(10, None))
    load_some(producer)
    matcher.follow()
    last = matcher.events()[-1].sequence
    watching, query = Watching(house, matcher.hub, load()), binding(wire.WatchMatchesRequest())

    async def first_after(sequence: int) -> int:
        token = house.pages.issue((sequence, sequence), method=METHOD, query=query, subject="tester")
        async with aclosing(watching.stream(wire.WatchMatchesRequest(resume_token=token))) as stream:
            return (await take(stream, 1))[0]

    with serving(call()):
        assert asyncio.run(first_after(10)) == 11
        with pytest.raises(OutOfRange) as caught:
            asyncio.run(first_after(9))
    assert caught.value.reason == "RESUME_TOKEN_EXPIRED"
    assert "FindMatches" in caught.value.text.zh
    assert "FindMatches" in caught.value.text.en
    assert caught.value.metadata == {"earliestSequence": "11", "latestSequence": str(last)}


def test_the_end_of_the_service_ends_streams_with_a_reason(house: House, matcher: Matcher) -> None:
    matcher.follow()
    hub = Watched()
    hub.follow_writer(matcher.events()[-1].sequence if matcher.events() else 0)

    async def scenario() -> None:
        async with aclosing(Watching(house, hub, load()).stream(wire.WatchMatchesRequest())) as stream:
            await anext(stream)
            waiting = asyncio.create_task(take(stream, 1))
            await hub.waited_on.wait()
            hub.close()
            with pytest.raises(Unavailable):
                await asyncio.wait_for(waiting, SECONDS)

    with serving(call()):
        asyncio.run(scenario())


def test_a_replica_that_does_not_write_reads_the_database(
    house: House, matcher: Matcher, producer: Producer
) -> None:
    load_some(producer)

    async def scenario() -> list[int]:
        watching = Watching(house, Hub(), load())
        async with aclosing(watching.stream(wire.WatchMatchesRequest())) as stream:
            await anext(stream)
            await asyncio.to_thread(matcher.follow)
            return await take(stream, len(matcher.events()))

    with serving(call()):
        assert asyncio.run(scenario()) == list(range(1, len(matcher.events()) + 1))


def test_many_events_in_a_message_are_the_same_events(
    house: House, matcher: Matcher, producer: Producer
) -> None:
    load_some(producer)
    matcher.follow()
    last = len(matcher.events())
    watching = Watching(house, matcher.hub, load())

    async def batches(count: int, **given: Any) -> list[Any]:
        """The batches up to the last event, or those that follow a token."""
        request = wire.WatchMatchesRequest(events_per_message=count, **given)
        found: list[Any] = []
        async with aclosing(watching.stream(request)) as stream:
            while not found or found[-1].events.events[-1].sequence < last:
                message = await asyncio.wait_for(anext(stream), SECONDS)
                found += [message] if message.HasField("events") else []
        return found

    with serving(call()):
        first, again = (asyncio.run(batches(100, from_start=True)) for _ in range(2))
        rest = asyncio.run(batches(500, resume_token=first[0].resume_token))
    events = [event for message in first for event in message.events.events]
    assert [each.sequence for each in events] == list(range(1, last + 1))
    assert [each.previous_sequence for each in events] == list(range(last))
    assert {len(message.events.events) for message in first[:-1]} == {100}
    assert all(one is other for one, other in zip(first, again, strict=True))
    assert [event for message in rest for event in message.events.events] == events[100:]


def test_who_sees_less_shares_no_message_with_who_sees_more(
    house: House, matcher: Matcher, producer: Producer
) -> None:
    load_some(producer)
    matcher.follow()
    watching = Watching(house, matcher.hub, load())

    last = len(matcher.events())

    async def kinds() -> set[str]:
        found, at = set[str](), 0
        request = wire.WatchMatchesRequest(events_per_message=500, from_start=True)
        async with aclosing(watching.stream(request)) as stream:
            while at < last:
                message = await asyncio.wait_for(anext(stream), SECONDS)
                found |= {event.kind for event in message.events.events}
                at = max([message.checkpoint.sequence, *(event.sequence for event in message.events.events)])
        return found

    seen = []
    for grants in ((Grant("talent_officer"), Grant("fund_manager")), (Grant("talent_officer"),)):
        with serving(replace(call(), principal=Principal("tester", "staff", grants))):
            seen.append(asyncio.run(kinds()))
    assert "firm-fund" in seen[0] - seen[1]
