"""What is made in a thread for a caller is closed, whether the caller waits for it, fails or goes away."""

import asyncio
import threading
from contextlib import ExitStack
from typing import IO

import pytest

from services.chassis.rpc.exporting import made, temporary


def test_a_file_is_closed_once_it_was_sent() -> None:
    async def send() -> IO[bytes]:
        async with made(lambda stack: stack.enter_context(temporary())) as file:
            assert not file.closed
        return file

    assert asyncio.run(send()).closed


@pytest.mark.parametrize("fails", [False, True])
def test_a_file_whose_caller_has_gone_is_closed_when_it_is_made(fails: bool) -> None:
    begun, go_on, files = threading.Event(), threading.Event(), list[IO[bytes]]()

    def make(stack: ExitStack) -> IO[bytes]:
        begun.set()
        assert go_on.wait(60)
        files.append(stack.enter_context(temporary()))
        files[0].write(b"written by a thread that knows nothing of it")
        if fails:
            raise ValueError("no room")
        return files[0]

    async def ask() -> None:
        async with made(make):
            pytest.fail("nobody asks any more")

    async def go_away() -> None:
        asking = asyncio.ensure_future(ask())
        await asyncio.to_thread(begun.wait, 60)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        go_on.set()
        while not (files and files[0].closed):
            await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(go_away(), 60))


def test_a_file_that_could_not_be_made_is_closed() -> None:
    files = list[IO[bytes]]()

    def make(stack: ExitStack) -> IO[bytes]:
        files.append(stack.enter_context(temporary()))
        raise ValueError("no room")

    async def ask() -> None:
        with pytest.raises(ValueError, match="no room"):
            async with made(make):
                pytest.fail("it was not made")
        await asyncio.sleep(0)

    asyncio.run(ask())
    assert files[0].closed
