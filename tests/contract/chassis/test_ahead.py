"""Calls that come while the event loop has no time: all are taken up together, and none is lost at the end."""

import asyncio
import gc
import selectors
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, cast
from unittest.mock import Mock, patch

import grpc
import pytest

from services.chassis.rpc.ahead import Door, server_ahead
from services.chassis.rpc.exchange import Ending, Metadata
from services.chassis.rpc.loop import new_loop
from services.chassis.rpc.server import STREAMS_A_CONNECTION, ServerOptions

CALLS = 10
SECONDS = 60.0
SENT_SECONDS = 1.0
LOOK = selectors.DefaultSelector.select


@contextmanager
def asked_at_once(address: str, calls: int = CALLS) -> Iterator[list[Any]]:
    """So many calls that have reached the server, whose loop this keeps waiting."""
    with grpc.insecure_channel(address) as channel:
        grpc.channel_ready_future(channel).result(SECONDS)
        ask = channel.unary_unary("/trial/Ask")  # type: ignore[call-arg]  # the stubs want what gRPC leaves open
        asked = [ask.future(b"", timeout=SECONDS, metadata=(("number", str(each)),)) for each in range(calls)]
        time.sleep(SENT_SECONDS)  # nothing on this side says that a call has reached the core of the other
        yield asked


def looked() -> int:
    """How many looks at the sockets there were while they are counted."""
    return cast("Mock", selectors.DefaultSelector.select).call_count


class Doorway:
    """Takes everybody in unless it is shut."""

    def __init__(self) -> None:
        self.shut = self.busy = False
        self.sent_away = list[str]()

    def takes(self) -> bool:
        return not self.shut

    def computes(self) -> bool:
        return self.busy

    def ending(self, metadata: Metadata) -> Ending:
        self.sent_away.append(str(dict(metadata)["number"]))
        return grpc.StatusCode.RESOURCE_EXHAUSTED, "busy", (("wait", "7"),)


def served(
    trial: Callable[[grpc.aio.Server, str, list[int]], Any], most: int = 100, door: Door | None = None
) -> list[int]:
    """After how many looks at the sockets each call began, of those that `trial` makes of a server that runs at `most`
    so many at once, and takes in whom `door` lets in.
    """
    began = list[int]()

    async def answer(_request: bytes, _context: Any) -> bytes:
        began.append(looked())
        return b"answer"

    async def serve() -> None:
        with ThreadPoolExecutor(1) as pool:
            server = server_ahead(pool, ServerOptions("", most_rpcs=most).channel, most, door or Doorway())
            handler = grpc.unary_unary_rpc_method_handler(answer)
            server.add_generic_rpc_handlers(
                (grpc.method_handlers_generic_handler("trial", {"Ask": handler}),)
            )
            address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
            await server.start()
            try:
                await trial(server, address, began)
            finally:
                await server.stop(SECONDS)

    counted = patch.object(selectors.DefaultSelector, "select", autospec=True, side_effect=LOOK)
    with counted, asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(serve())
    return began


def test_one_look_at_the_sockets_brings_many_calls() -> None:
    async def trial(_server: grpc.aio.Server, address: str, began: list[int]) -> None:
        with asked_at_once(address) as asked:
            while len(began) < CALLS:
                await asyncio.sleep(0.001)
            answers = [await asyncio.to_thread(each.result, SECONDS) for each in asked]
            assert answers == [b"answer"] * CALLS

    began = served(trial)
    assert len(set(began)) <= CALLS / 2, began


def test_what_had_come_and_was_not_begun_is_unavailable_at_the_end() -> None:
    codes = list[grpc.StatusCode]()

    async def trial(server: grpc.aio.Server, address: str, _began: list[int]) -> None:
        with asked_at_once(address) as asked:
            start = time.monotonic()
            await server.stop(SECONDS)
            assert time.monotonic() - start < SECONDS / 2
            codes.extend([await asyncio.to_thread(each.code) for each in asked])

    began = served(trial)
    assert codes.count(grpc.StatusCode.OK) == len(began)
    assert codes.count(grpc.StatusCode.UNAVAILABLE) == CALLS - len(began) > 0


def test_whoever_is_too_many_is_told_so_and_not_cancelled() -> None:
    """gRPC's core would end of its own accord whoever comes while as many wait as may run."""
    most, codes = 8, list[grpc.StatusCode]()

    async def trial(_server: grpc.aio.Server, address: str, _began: list[int]) -> None:
        with asked_at_once(address, 3 * most) as asked:
            codes.extend([await asyncio.to_thread(each.code) for each in asked])

    began = served(trial, most)
    assert set(codes) == {grpc.StatusCode.OK, grpc.StatusCode.RESOURCE_EXHAUSTED}
    assert codes.count(grpc.StatusCode.OK) == len(began) >= most


@pytest.mark.parametrize("busy", [False, True])
def test_while_the_door_is_shut_calls_end_there_and_none_begins(busy: bool) -> None:
    door, many = Doorway(), 50
    door.busy = busy

    async def trial(_server: grpc.aio.Server, address: str, began: list[int]) -> None:
        door.shut = True
        with asked_at_once(address, many) as asked:
            codes = [await asyncio.to_thread(each.code) for each in asked]
            assert set(codes) == {grpc.StatusCode.RESOURCE_EXHAUSTED}
            assert {each.details() for each in asked} == {"busy"}
            assert {dict(each.trailing_metadata())["wait"] for each in asked} == {"7"}
            assert began == []
        assert sorted(map(int, door.sent_away)) == list(range(many))
        door.shut = False
        with asked_at_once(address) as asked:
            assert [await asyncio.to_thread(each.result, SECONDS) for each in asked] == [b"answer"] * CALLS

    served(trial, door=door)


def test_one_look_at_the_sockets_brings_many_ends() -> None:
    """A look gives the interpreter away: as many looks as ends, and whoever computes has it most of the time."""
    door, many, looks = Doorway(), 50, list[int]()
    door.shut = True

    async def trial(_server: grpc.aio.Server, address: str, _began: list[int]) -> None:
        with asked_at_once(address, many) as asked:
            while len(door.sent_away) < many:
                await asyncio.sleep(0)
            await asyncio.sleep(0)  # the last of them is written
            time.sleep(SENT_SECONDS)  # of each end gRPC tells meanwhile, and nobody looks
            looks.append(looked())
            await asyncio.sleep(SENT_SECONDS)
            looks.append(looked())
            assert {each.code() for each in asked} == {grpc.StatusCode.RESOURCE_EXHAUSTED}

    served(trial, door=door)
    assert looks[1] - looks[0] < many / 2, looks


def test_a_server_that_ends_tells_nobody_to_come_back_to_it() -> None:
    door = Doorway()

    async def trial(server: grpc.aio.Server, address: str, _began: list[int]) -> None:
        with asked_at_once(address) as asked:
            door.shut = True
            await server.stop(SECONDS)
            codes = [await asyncio.to_thread(each.code) for each in asked]
            assert grpc.StatusCode.UNAVAILABLE in codes
            assert grpc.StatusCode.CANCELLED not in codes

    served(trial, door=door)


def test_calls_that_ended_at_the_door_leave_room_on_their_connection() -> None:
    """Whether or not the interpreter looks for circles of objects meanwhile."""
    door, codes = Doorway(), list[grpc.StatusCode]()
    door.shut = True

    async def trial(_server: grpc.aio.Server, address: str, _began: list[int]) -> None:
        with grpc.insecure_channel(address) as channel:
            ask = channel.unary_unary("/trial/Ask")  # type: ignore[call-arg]  # the stubs want what gRPC leaves open
            for number in range(2 * STREAMS_A_CONNECTION):
                call = ask.future(b"", timeout=SECONDS, metadata=(("number", str(number)),))
                codes.append(await asyncio.to_thread(call.code))

    gc.disable()
    try:
        served(trial, door=door)
    finally:
        gc.enable()
    assert set(codes) == {grpc.StatusCode.RESOURCE_EXHAUSTED}
