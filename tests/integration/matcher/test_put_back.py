"""A database that is put back to an earlier moment under a matcher that runs: numbers are given out a second time, and
no stream passes over those, or takes the events of before for those of now.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import aclosing, closing
from pathlib import Path

import pytest

from bole.matcher.v1 import matching_service_pb2 as wire
from services.catalogue import load
from services.chassis.house import House
from services.chassis.rpc.call import serving
from services.kernel.errors import OutOfRange
from services.matcher.hub import Hub
from services.matcher.rpc.watching import Watching
from tests.integration.matcher.calling import call
from tests.integration.matcher.installed import TEXTS, Matcher, load_some
from tests.integration.matcher.producing import Producer

pytestmark = pytest.mark.parametrize("urls", ["embedded"], indirect=True)
SECONDS = 60.0


@pytest.fixture
def before(house: House, matcher: Matcher, producer: Producer, tmp_path: Path) -> Path:
    """A copy of the database from before the last events, which the matcher has told."""
    load_some(producer)
    matcher.follow()
    copy = tmp_path / "before.db"
    copied(Path(str(house.database.engine.url.database)), copy)
    producer.person("told", TEXTS[0])
    matcher.follow()
    return copy


def test_a_stream_that_is_open_ends(house: House, matcher: Matcher, producer: Producer, before: Path) -> None:
    watching = Watching(house, matcher.hub, load())

    async def scenario() -> None:
        async with aclosing(watching.stream(wire.WatchMatchesRequest())) as stream:
            await anext(stream)
            waiting = asyncio.create_task(event(stream))
            await asyncio.to_thread(put_back, house, matcher, before)
            assert await asyncio.to_thread(matcher.settler.lead)
            with pytest.raises(OutOfRange) as caught:
                await waiting
            assert caught.value.reason == "RESUME_TOKEN_EXPIRED"

    with serving(call()):
        asyncio.run(scenario())


def test_a_stream_of_a_replica_that_does_not_write_ends(
    house: House, matcher: Matcher, producer: Producer, before: Path
) -> None:
    watching = Watching(house, Hub(), load())

    async def scenario() -> None:
        async with aclosing(watching.stream(wire.WatchMatchesRequest())) as stream:
            await anext(stream)
            await asyncio.to_thread(put_back, house, matcher, before)
            with pytest.raises(OutOfRange):
                await event(stream)

    with serving(call()):
        asyncio.run(scenario())


def test_a_token_of_before_is_refused_though_its_number_was_given_out_again(
    house: House, matcher: Matcher, producer: Producer, before: Path
) -> None:
    watching = Watching(house, matcher.hub, load())

    async def resumed(token: str) -> str:
        async with aclosing(watching.stream(wire.WatchMatchesRequest(resume_token=token))) as stream:
            return str((await anext(stream)).resume_token)

    async def last() -> tuple[str, object]:
        """The token and the event that the newest number has."""
        async with aclosing(watching.stream(wire.WatchMatchesRequest(from_start=True))) as stream:
            while True:
                message = await asyncio.wait_for(anext(stream), SECONDS)
                if message.HasField("event") and message.event.sequence == told:
                    return message.resume_token, message.event

    with serving(call()):
        told = matcher.events()[-1].sequence
        token, event_of_before = asyncio.run(last())
        started = asyncio.run(resumed(token))
        put_back(house, matcher, before)
        again = Matcher.over(house, matcher.hub)
        producer.person("instead", TEXTS[1])
        again.follow()
        assert again.events()[-1].sequence >= told
        for each in (token, started):
            with pytest.raises(OutOfRange) as caught:
                asyncio.run(resumed(each))
            assert caught.value.reason == "RESUME_TOKEN_EXPIRED"
        now, event_of_now = asyncio.run(last())
        assert event_of_now != event_of_before
        assert asyncio.run(resumed(now))
        again.end()


def test_who_takes_the_lead_anew_looks_at_the_lists_anew(
    house: House, matcher: Matcher, producer: Producer, before: Path
) -> None:
    """Its lock went with the server's session, and the server was back before it looked."""
    put_back(house, matcher, before)
    matcher.follow()
    there = {key: places for key, places in matcher.engine.lists.all().items() if places}
    assert {pair[1:] for pair in matcher.lists()} == {
        (key[1], place.id) for key, places in there.items() for place in places
    }


async def event(stream: AsyncIterator[wire.WatchMatchesResponse]) -> wire.WatchMatchesResponse:
    while True:
        message = await asyncio.wait_for(anext(stream), SECONDS)
        if message.HasField("event"):
            return message


def copied(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)


def put_back(house: House, matcher: Matcher, copy: Path) -> None:
    """Nothing of the service is stopped; its lock is lost, as a database that is stopped lets go of it."""
    copied(copy, Path(str(house.database.engine.url.database)))
    matcher.end()
