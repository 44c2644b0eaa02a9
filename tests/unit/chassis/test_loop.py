"""The event loop of a server."""

import asyncio
import socket

from services.chassis.rpc.loop import new_loop


def test_sockets_are_heard_while_callbacks_never_end() -> None:
    near, far = socket.socketpair()
    loop = new_loop()
    rounds = 0

    def again() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 100:
            far.send(b"x")
        loop.call_soon(again)

    with near, far:
        near.setblocking(False)
        loop.add_reader(near, loop.stop)
        loop.call_soon(again)
        loop.run_forever()
        loop.close()
    assert 100 <= rounds < 200


def test_what_is_due_later_is_done_while_callbacks_never_end() -> None:
    async def trial() -> str:
        busy = asyncio.create_task(spin())
        await asyncio.sleep(0.001)
        busy.cancel()
        return "slept"

    async def spin() -> None:
        while True:
            await asyncio.sleep(0)

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(trial()) == "slept"


def test_a_reader_that_takes_byte_by_byte_is_called_once_for_all_that_is_there() -> None:
    near, far = socket.socketpair()
    loop = new_loop()
    calls = 0

    def one_byte() -> None:
        nonlocal calls
        calls += 1
        near.recv(1)

    with near, far:
        near.setblocking(False)
        loop.add_reader(near, one_byte)
        far.send(b"x" * 100)
        loop.call_later(0.05, loop.stop)
        loop.run_forever()
        loop.close()
    assert calls == 1
