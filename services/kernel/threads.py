"""Pools whose threads all stand from the beginning: a process that serves starts no thread.

A thread that is started while memory is short dies before it says that it is there, and whoever starts it waits for
that for ever. A pool that starts one waits with the lock that every pool of the process needs for every work it is
given: an event loop would never answer again.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from mmap import mmap
from threading import Barrier
from typing import Final, TypeVar

from services.kernel.errors import Unavailable
from services.kernel.text import Text

P = TypeVar("P")
R = TypeVar("R")
_ROOM: Final = 16 * 1024 * 1024
"""Bytes for a thread: its stack, and what it takes until it says that it is there."""


def require_room() -> None:
    """Raise Unavailable (MEMORY_SHORT) where there is no memory for a thread: before a library starts one, for which
    whoever asked it to would wait without end.
    """
    try:
        mmap(-1, _ROOM).close()
    except (OSError, MemoryError) as error:
        raise Unavailable(
            Text("内存暂时不足，请稍后重试", "memory is short at the moment; try again later"),
            reason="MEMORY_SHORT",
        ) from error


def standing(count: int, name: str) -> ThreadPoolExecutor:
    """A pool of so many threads, all of them started."""
    pool, there = ThreadPoolExecutor(count, thread_name_prefix=name), Barrier(count + 1)
    for _ in range(count):
        pool.submit(there.wait)
    there.wait()
    return pool


def share(pool: ThreadPoolExecutor, work: Callable[[P], R], parts: Sequence[P]) -> list[R]:
    """What `work` gives for each part, in order. Parts are taken in threads, so they must not touch one another; what
    one that fails raises is raised, once none is being worked on any more.

    The caller takes what no thread of the pool has begun, from the last one on, and waits for the others: parts may
    have parts.
    """
    given = [pool.submit(work, part) for part in parts]
    try:
        own = {at: work(parts[at]) for at in reversed(range(len(parts))) if given[at].cancel()}
    finally:
        wait([each for each in given if not each.cancel()])
    return [own[at] if at in own else each.result() for at, each in enumerate(given)]
