"""P18: a full disk, no file to open, a clock that is set: nothing breaks, and it goes on by itself afterwards."""

import random
import tempfile
import threading
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from pathlib import Path

from tests.promises.shortages import Clock, Disk, no_files
from tests.storm import checks
from tests.storm.clients import Partner, Writer
from tests.storm.house import House, until
from tests.storm.ledger import Ledger, Outcome

QUIET_SECONDS = 300.0
SCARCE_SECONDS = 4.0
WRITERS = 2
FULL_DISK = "a full disk"


def violations(seed: int, scarce_seconds: float = SCARCE_SECONDS, most: int | None = None) -> list[str]:
    """Everything that does not hold after each shortage in turn, in an order drawn by the seed, or after the first
    `most` of them. Root alone may mount the small file system that is filled.
    """
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        disk = Disk(directory / "disk")
        stack.enter_context(disk.mounted())
        clock = Clock(directory / "clock")
        with clock.preloaded():
            house = House(disk.path / "house")
            stack.callback(house.end)
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
        names = list(shortages)
        random.Random(seed).shuffle(names)
        return trial.run(seed, [(name, shortages[name]) for name in names[:most]])


class _Trial:
    """Writers and a partner on one house."""

    def __init__(self, house: House, ledger: Ledger, clock: Clock, scarce_seconds: float) -> None:
        self._house, self._ledger, self._clock = house, ledger, clock
        self._half = scarce_seconds / 2

    def run(self, seed: int, shortages: list[tuple[str, AbstractContextManager[None]]]) -> list[str]:
        """Each shortage for a while; then all must go on without anybody's help."""
        house, ledger = self._house, self._ledger
        first = int(checks.ask(house, "matcher", checks.LAST)[0][0])
        partner = Partner(house.partner("测试合作方"))
        partner.start()
        settings, channel = house.settings, self._clock.channel
        with channel(settings, "talent") as people, channel(settings, "funding") as firms:
            writers = [
                Writer(f"L{seed % 100:02d}{at}", seed + at, ledger, people, firms) for at in range(WRITERS)
            ]
            for each in writers:
                each.start()
            found = [said for shortage in shortages for said in self._through(*shortage)]
            for each in writers:
                each.rest()
            found += [] if all(each.end(QUIET_SECONDS) for each in writers) else ["a call found no end"]
            if not until(lambda: checks.is_quiet(house, partner, first), QUIET_SECONDS):
                found.append("not quiet")
            found += [said for each in writers for said in each.broken]
        partner.stop()
        found += checks.violations(house, ledger, partner, first)
        return found

    def _through(self, name: str, shortage: AbstractContextManager[None]) -> list[str]:
        """The shortage itself, and that calls are answered again after it by the very same processes."""
        before = self._done()
        if not until(lambda: self._done() > before, QUIET_SECONDS):
            return [f"{name}: nothing was done before it"]
        with shortage:
            threading.Event().wait(self._half)
            before = self._done()
            threading.Event().wait(self._half)
            felt = name != FULL_DISK or self._done() == before
        before = self._done()
        going = until(lambda: self._done() > before + 2 * WRITERS, QUIET_SECONDS)
        found = [] if going else [f"{name}: nothing is done after it"]
        found += [] if felt else [f"{name}: changes were acknowledged that have no room"]
        return found + [
            f"{name}: {each.name} ended with {each.process.returncode}"
            for each in self._house.installation.running
            if each.process.poll() is not None
        ]

    def _done(self) -> int:
        return self._ledger.count(Outcome.ACKNOWLEDGED)
