"""P2: services die at each gap between two durable steps, and die there again while they recover; nothing that was
acknowledged is lost, and nothing takes effect twice.
"""

import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from services.chassis.fail_points import EXIT_KILLED
from services.cli.running import processes
from tests.promises.gaps import GAPS, Gap, Provoking
from tests.promises.residue import places
from tests.servers import nursery
from tests.storm import checks
from tests.storm.clients import Partner, Writer
from tests.storm.house import House, until
from tests.storm.ledger import Ledger

HITS = 5
QUIET_SECONDS = 300.0
REACHED_SECONDS = 120.0
FORGOTTEN_SECONDS = 60.0
_AGAIN_SECONDS = 2.0


def violations(seed: int, gaps: Sequence[Gap] = GAPS) -> list[str]:
    """Everything that does not hold after a service died in each of the gaps, at the hit that the seed names, and for
    every other five seeds died there a second time: ten seeds in a row are all of it.
    """
    hit, double = 1 + (seed - 1) % HITS, (seed - 1) // HITS % 2 == 0
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        armed = _Armed()
        house = House(directory / "house", spawn=armed.spawn)
        stack.callback(house.end)
        house.begin()
        dying = _Dying(house, armed, Ledger(directory / "ledger.jsonl"), seed)
        stack.callback(dying.close)
        return list(dying.run(gaps, hit, double=double))


class _Armed:
    """Starts services, the one that is to die with its fail point."""

    def __init__(self) -> None:
        self.points: dict[str, str] = {}

    def spawn(
        self, module: str, arguments: Sequence[str], environ: Mapping[str, str], log: Path
    ) -> processes.Process:
        """As `nursery.spawn`."""
        point = self.points.get(module.removeprefix("services."))
        given = {**environ, "BOLE_FAILPOINT": point} if point else environ
        return nursery.spawn(module, arguments, given, log)


class _Dying:
    """One house, a writer and a partner, who go on while services die."""

    def __init__(self, house: House, armed: _Armed, ledger: Ledger, seed: int) -> None:
        self._house, self._armed, self._ledger = house, armed, ledger
        self._provoking = Provoking(house, seed)
        self._first = int(checks.ask(house, "matcher", checks.LAST)[0][0])
        self._people, self._firms = house.channel("talent"), house.channel("funding")
        self._writer = Writer(f"D{seed % 1000:03d}w", seed, ledger, self._people, self._firms)
        self._partner = Partner(house.partner("测试合作方"))
        self._partner.start()

    def close(self) -> None:
        """End what runs."""
        self._writer.leave()
        self._partner.stop()
        self._people.close()
        self._firms.close()
        self._ledger.close()

    def run(self, gaps: Sequence[Gap], hit: int, *, double: bool) -> Iterator[str]:
        """Die everywhere, recover, look."""
        assert self._partner.standing.wait(QUIET_SECONDS), "the partner's stream did not begin"
        self._writer.start()
        for gap in gaps:
            yield from self._die(gap, 1 if gap.provoke == "save" else hit)
            if double:
                yield from self._die(gap, 1)
            self._start(gap.service, None)
            self._house.heal()
            yield from self._provoking.settle(QUIET_SECONDS)
        self._writer.rest()
        if not self._writer.end(QUIET_SECONDS):
            yield "a call found no end"
        if not until(lambda: checks.is_quiet(self._house, self._partner, self._first), QUIET_SECONDS):
            yield "not quiet after the last death"
        yield from self._writer.broken
        yield from self._provoking.violations()
        found = checks.violations(self._house, self._ledger, self._partner, self._first)
        yield from (said for said in found if not self._provoking.is_planted(said))
        words = self._provoking.words
        until(lambda: not any(places(self._house, words)), FORGOTTEN_SECONDS)  # a reader puts a scrub off
        yield from places(self._house, words)

    def _die(self, gap: Gap, hit: int) -> Iterator[str]:
        """Start the service with the fail point, and bring it there."""
        self._start(gap.service, f"{gap.point}:{hit}")
        running = next(each for each in self._house.installation.running if each.name == gap.service)
        process = running.process
        deadline = time.monotonic() + REACHED_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if self._is_up(gap.service):
                self._provoking.do(gap)
            self._wait(process)
        if process.poll() != EXIT_KILLED:
            said = running.log.read_text(encoding="utf-8").splitlines()[-1:]
            yield f"{gap.service} did not die at {gap.point}:{hit}, but ended with {process.poll()}: {said}"

    def _wait(self, process: processes.Process) -> None:
        deadline = time.monotonic() + _AGAIN_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            threading.Event().wait(0.05)

    def _is_up(self, service: str) -> bool:
        each = next(each for each in self._house.installation.running if each.name == service)
        return processes.is_ready(each.address)

    def _start(self, service: str, point: str | None) -> None:
        """End what runs of it, as by `kill -9`, and start it, armed or not."""
        running = self._house.installation
        each = next(each for each in running.running if each.name == service)
        each.process.kill()
        each.process.wait(QUIET_SECONDS)
        running.running.remove(each)
        self._armed.points.pop(service, None)
        if point is not None:
            self._armed.points[service] = point
        running.running.extend(processes.start(self._house.settings, [service], self._armed.spawn))
        self._armed.points.pop(service, None)
