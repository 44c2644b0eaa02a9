"""P18: a full disk, no file to open, no more memory, a clock that is set, no names of machines: nothing breaks, and it
goes on by itself afterwards.
"""

import random
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import grpc

from services.cli.running import console_process
from services.cli.running.processes import Process
from tests.contract.installation import leave_sample
from tests.promises.names import Names
from tests.promises.shortages import Clock, Disk, no_files, no_memory
from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer
from tests.storm import checks
from tests.storm.clients import Partner, Writer
from tests.storm.house import House, until
from tests.storm.ledger import Ledger, Outcome
from tests.storm.proxy import Weather

QUIET_SECONDS = 300.0
SCARCE_SECONDS = 4.0
WRITERS = 2
VISITORS = 12
NAMELESS_SECONDS = 24.0
"""Two lookups that nobody answers."""
HOST = "localhost"
"""A name that this process knows too."""
_PATIENCE_SECONDS = 10.0
FULL_DISK, NO_MEMORY = "a full disk", "no more memory"
UNKNOWN, UNANSWERED = "names that nobody knows", "names that nobody answers for"
NOTHING_DONE = {FULL_DISK, UNKNOWN, UNANSWERED}
"""What lets nothing be committed."""


def violations(
    seed: int, scarce_seconds: float = SCARCE_SECONDS, most: int | None = None, *, memory: bool = False
) -> list[str]:
    """Everything that does not hold after each shortage in turn, in an order drawn by the seed, or after the first
    `most` of them; the first one meets a library and a fund service that have answered nobody yet. `memory`: after the
    shortage of memory alone, which the console meets too.

    Root alone may mount the small file system that is filled.
    """
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        disk = Disk(directory / "disk")
        stack.enter_context(disk.mounted())
        clock = Clock(directory / "clock")
        with clock.preloaded():
            house = House(disk.path / "house")
            stack.callback(house.end)
            leave_sample(house.installation)  # so that what begins has served nobody yet: first calls meet it
            house.begin()
        ledger = Ledger(directory / "ledger.jsonl")
        stack.callback(ledger.close)
        trial = _Trial(house, ledger, clock, scarce_seconds)
        shortages = {
            FULL_DISK: disk.full(),
            "no file to open": no_files([each.process.pid for each in house.installation.running]),
            "an hour ahead": clock.off(timedelta(hours=1)),
            "an hour back": clock.off(timedelta(hours=-1)),
        }
        if memory:
            console = stack.enter_context(_console(house, trial.visitors))
            running = [*(each.process for each in house.installation.running), console]
            shortages = {NO_MEMORY: no_memory([each.pid for each in running])}
        names = list(shortages)
        random.Random(seed).shuffle(names)
        found = trial.run(seed, [(name, shortages[name]) for name in names[:most]])
        if memory and not until(lambda: console_process.is_ready(house.settings), QUIET_SECONDS):
            found.append(f"{NO_MEMORY}: the console does not answer after it")
        return found


def without_names(seed: int, seconds: float = NAMELESS_SECONDS, most: int | None = None) -> list[str]:
    """Everything that does not hold after the names of database and broker were not known, and were not answered for,
    in an order drawn by the seed, or after the first `most` of the two, while every connection has to be made anew.

    Root alone may give processes names of their own.
    """
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        names = Names(directory / "names", HOST)
        servers = stack.enter_context(PostgresServer()), stack.enter_context(KafkaServer(host=HOST))
        house = House(directory / "house", *servers, spawn=names.spawn)
        stack.callback(house.end)
        house.begin()
        ledger = Ledger(directory / "ledger.jsonl")
        stack.callback(ledger.close)
        shortages = [(UNKNOWN, _anew(house, names.unknown())), (UNANSWERED, _anew(house, names.unanswered()))]
        random.Random(seed).shuffle(shortages)
        return _Trial(house, ledger, Clock(directory / "clock"), seconds).run(seed, shortages[:most])


@contextmanager
def _anew(house: House, nameless: AbstractContextManager[None]) -> Iterator[None]:
    """The same, and nobody has a connection from before it."""
    with nameless:
        for each in (house.proxies["database"], house.proxies["broker"]):
            each.turn(Weather.CUT)
            each.turn(Weather.FAIR)
        yield


@contextmanager
def _console(house: House, visitors: list[threading.Thread]) -> Iterator[Process]:
    """A console that has answered nobody yet, and its `visitors`, who come until the end once they are started."""
    settings, ended = house.settings, threading.Event()
    console = console_process.start(settings, house.installation.spawn)
    visitors += [
        threading.Thread(target=_visit, args=(settings.console_address, ended)) for _ in range(VISITORS)
    ]
    try:
        console_process.wait_ready(settings, console, QUIET_SECONDS)
        yield console
    finally:
        ended.set()
        console.kill()
        console.wait()
        for each in visitors:
            each.join()


def _visit(address: str, ended: threading.Event) -> None:
    while not ended.wait(0.1):
        visiting = closing(HTTPConnection(address, timeout=_PATIENCE_SECONDS))
        with suppress(OSError, HTTPException), visiting as connection:
            connection.request("GET", "/sign-in")
            connection.getresponse().read()


class _Trial:
    """Writers, a partner, and the `visitors` of a console, on one house."""

    def __init__(self, house: House, ledger: Ledger, clock: Clock, scarce_seconds: float) -> None:
        self._house, self._ledger, self._clock = house, ledger, clock
        self._half = scarce_seconds / 2
        self.visitors: list[threading.Thread] = []

    def run(self, seed: int, shortages: Sequence[tuple[str, AbstractContextManager[None]]]) -> list[str]:
        """Each shortage for a while; then all must go on without anybody's help."""
        house, ledger = self._house, self._ledger
        first = int(checks.ask(house, "matcher", checks.LAST)[0][0])
        partner = Partner(house.partner("测试合作方"))
        partner.start()
        assert partner.standing.wait(QUIET_SECONDS), "the partner's stream did not begin"
        settings, channel = house.settings, self._clock.channel
        with channel(settings, "talent") as people, channel(settings, "funding") as firms:
            writers = [
                Writer(f"L{seed % 100:02d}{at}", seed + at, ledger, people, firms) for at in range(WRITERS)
            ]
            for opened in (people, firms):
                grpc.channel_ready_future(opened).result(QUIET_SECONDS)
            found = []
            for at, (name, shortage) in enumerate(shortages):
                if at and not self._goes_on(0):
                    found.append(f"{name}: nothing was done before it")
                found += self._through(name, shortage, begin=() if at else [*writers, *self.visitors])
            for each in writers:
                each.rest()
            found += [] if all(each.end(QUIET_SECONDS) for each in writers) else ["a call found no end"]
            if not until(lambda: checks.is_quiet(house, partner, first), QUIET_SECONDS):
                found.append("not quiet")
            found += [said for each in writers for said in each.broken]
        partner.stop()
        found += checks.violations(house, ledger, partner, first)
        return found

    def _through(
        self, name: str, shortage: AbstractContextManager[None], begin: Iterable[Writer | threading.Thread]
    ) -> list[str]:
        """The shortage itself, which those to `begin` meet with their first calls, and that calls are answered
        again after it by the very same processes.
        """
        with shortage:
            for each in begin:
                each.start()
            threading.Event().wait(self._half)
            before = self._done()
            threading.Event().wait(self._half)
            felt = name not in NOTHING_DONE or self._done() == before
        found = [] if self._goes_on(2 * WRITERS) else [f"{name}: nothing is done after it"]
        found += [] if felt else [f"{name}: changes were acknowledged that cannot be kept"]
        return found + [
            f"{name}: {each.name} ended with {each.process.returncode}"
            for each in self._house.installation.running
            if each.process.poll() is not None
        ]

    def _goes_on(self, more_than: int) -> bool:
        """Whether so many calls and one are answered from now on."""
        before = self._done()
        return until(lambda: self._done() > before + more_than, QUIET_SECONDS)

    def _done(self) -> int:
        return self._ledger.count(Outcome.ACKNOWLEDGED)
