"""Pools whose threads all stand from the beginning: a process that serves starts no thread.

A thread that is started while memory is short dies before it says that it is there, and whoever starts it waits for
that for ever. A pool that starts one waits with the lock that every pool of the process needs for every work it is
given: an event loop would never answer again.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier


def standing(count: int, name: str) -> ThreadPoolExecutor:
    """A pool of so many threads, all of them started."""
    pool, there = ThreadPoolExecutor(count, thread_name_prefix=name), Barrier(count + 1)
    for _ in range(count):
        pool.submit(there.wait)
    there.wait()
    return pool
