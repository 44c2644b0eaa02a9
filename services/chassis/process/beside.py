"""A second core for work that neither reads nor writes: a process beside this one, which answers job after job.

Whatever goes wrong over there, the job is done here: the process is a matter of speed alone. It waits on a pipe of
which only this process holds the other end, so that it is gone when this one is, however that ended.
"""

import gc
import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import ModuleType, TracebackType
from typing import Any, Generic, Self, TypeVar

J = TypeVar("J")
R = TypeVar("R")
T = TypeVar("T")

_READY = "ready"


class Beside(Generic[J, R]):
    """Jobs in the order they come, each answered once, by the process once it is ready and until then here.

    `here` does a job in this process; `build(terms)` makes the same function over there. The process is started
    with the job number `after`, at once for 0: a few jobs are not worth it. Not thread-safe.
    """

    def __init__(
        self, here: Callable[[J], R], build: Callable[[T], Callable[[J], R]], terms: T, *, after: int
    ) -> None:
        self._here, self._build, self._terms, self._after = here, build, terms, after
        self._waiting: deque[J] = deque()
        self._count = 0
        self._process: Any = None
        self._pipe: Connection | None = None
        self._ready = self._sent = False
        self.answered_beside = 0
        if not after:
            self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process; nothing is asked of it any more."""
        if self._process is not None:
            self._lose()
            self._process.kill()
            self._process.join()
            self._process.close()

    def submit(self, job: J) -> None:
        """One job more."""
        self._waiting.append(job)
        self._count += 1
        if self._count == self._after:
            self._start()
        self._send()

    def answer(self) -> R:
        """The answer to the first job that has none yet. Raises what the job raises."""
        job, sent = self._waiting.popleft(), self._sent
        self._sent = False
        found = self._receive() if sent else None
        self._send()
        return self._here(job) if found is None else found[0]

    def is_answered(self) -> bool:
        """Whether the process has done the first job, so that nobody would wait for its answer."""
        self._send()
        return self._sent and self._pipe is not None and self._pipe.poll()

    def is_ready(self) -> bool:
        """Whether the process is there and takes jobs."""
        return self._is_ready()

    def wait_ready(self, seconds: float) -> bool:
        """Whether the process, once started, is ready within so many seconds."""
        return self._pipe is not None and self._pipe.poll(seconds) and self._is_ready()

    def _start(self) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._pipe, other = spawning.Pipe()
        process = spawning.Process(
            target=_answer, args=(other, self._build, self._terms), name="beside", daemon=True
        )
        program = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType(
            "__main__"
        )  # the process would load all of it, which takes seconds
        try:
            process.start()
            self._process = process
        except OSError:  # no memory or no handle for one process more
            self._lose()
        finally:
            sys.modules["__main__"] = program
            other.close()

    def _send(self) -> None:
        """Hand over the first job that waits, if the process is idle."""
        if self._waiting and not self._sent and self._is_ready() and self._pipe is not None:
            try:
                self._pipe.send(self._waiting[0])
                self._sent = True
            except OSError:
                self._lose()

    def _receive(self) -> tuple[R] | None:
        """The answer in a tuple; None if there is none to be had."""
        if self._pipe is None:
            return None
        try:
            found: tuple[R] | None = self._pipe.recv()
        except (EOFError, OSError):
            self._lose()
            return None
        self.answered_beside += found is not None
        return found

    def _is_ready(self) -> bool:
        if not self._ready and self._pipe is not None and self._pipe.poll():
            try:
                self._ready = self._pipe.recv() == _READY
            except (EOFError, OSError):
                self._lose()
        return self._ready

    def _lose(self) -> None:
        """Go on without the process."""
        if self._pipe is not None:
            self._pipe.close()
        self._pipe, self._ready = None, False


def _answer(pipe: Connection, build: Callable[[T], Callable[[J], R]], terms: T) -> None:
    """What runs over there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # meant for whoever started this; the pipe says when it ends
    do = build(terms)
    gc.collect()
    gc.freeze()
    try:
        pipe.send(_READY)
        while True:
            pipe.send(_answered(do, pipe.recv()))
    except (EOFError, OSError):
        return


def _answered(do: Callable[[J], R], job: J) -> tuple[R] | None:
    try:
        return (do(job),)
    except Exception:  # noqa: BLE001 (whatever it is, it is raised where the job is done again)
        return None
