"""The event loop of a server."""

import asyncio
import socket

from services.chassis.rpc.loop import ServingLoop, new_loop


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


def test_what_gathers_is_told_together_and_later_and_whoever_is_done_with_it_hears_no_more() -> None:
    told, done = socket.socketpair(), socket.socketpair()
    loop = ServingLoop()
    heard = list[str]()

    def hear(near: socket.socket, name: str) -> None:
        near.recv(1)
        heard.append(name)

    for pair, name in ((told, "told"), (done, "done")):
        pair[0].setblocking(False)
        loop.add_reader(pair[0], hear, pair[0], name)
        pair[1].send(b"xxx")
    loop.gather()
    loop.gather()
    loop.remove_reader(done[0])
    loop.call_soon_threadsafe(heard.append, "work")
    loop.call_later(0.1, loop.stop)
    loop.run_forever()
    loop.close()
    for each in (*told, *done):
        each.close()
    assert heard == ["work", "told"]
