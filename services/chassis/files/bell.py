"""A bell on a file: whoever rings it wakes whoever waits for it, in every process of this machine."""

import ctypes
import os
import select
import time
from contextlib import suppress
from pathlib import Path

POLL_SECONDS = 0.01
"""How long to wait where the system tells nothing."""

_IN_ATTRIB = 0x4
_NEWS_BYTES = 4096


class Bell:
    """To ring is to touch the file, which Linux tells all who asked (inotify). What is rung before somebody waits is
    heard at once by the first wait; one thread waits at a time.
    """

    def __init__(self, path: Path) -> None:
        """`path`: a file that exists."""
        self._path = path
        self._descriptor = _listen(path)
        self._poll = select.poll()
        if self._descriptor is not None:
            self._poll.register(self._descriptor, select.POLLIN)

    def ring(self) -> None:
        """Wake whoever waits."""
        # a file that is gone has nobody waiting
        with suppress(OSError):
            os.utime(self._path)

    def wait(self, seconds: float) -> None:
        """Return when it rings, at the latest after so many seconds; where the system tells nothing, after 10 ms."""
        if self._descriptor is None:  # nothing will ever wake us
            time.sleep(min(seconds, POLL_SECONDS))
        elif self._poll.poll(seconds * 1000):
            with suppress(BlockingIOError):
                os.read(self._descriptor, _NEWS_BYTES)

    def close(self) -> None:
        """Hear nothing any more; only while nobody waits."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _listen(path: Path) -> int | None:
    """A descriptor that can be read once the file was touched; None where there is no such thing, or no more."""
    system = ctypes.CDLL(None)
    if not hasattr(system, "inotify_init1"):
        return None
    descriptor: int = system.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    if descriptor < 0:
        return None
    if system.inotify_add_watch(descriptor, os.fsencode(path), _IN_ATTRIB) < 0:
        os.close(descriptor)
        return None
    return descriptor
