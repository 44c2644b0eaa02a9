"""One trial after the other on a house that lives on: faults by a seed, heal, wait for quiet, check."""

import random
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from tests.storm import checks, faults
from tests.storm.clients import Partner, Writer
from tests.storm.house import House, until
from tests.storm.ledger import Ledger, Outcome

WRITERS = 2
QUIET_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Result:
    """What one trial did and found; `counts` are acknowledged, failed and unknown operations of all trials so far."""

    seed: int
    faults: tuple[str, ...]
    seconds: float
    violations: tuple[str, ...]
    counts: tuple[int, int, int]
    events: int
    resumed: int
    kept: str = ""

    def __str__(self) -> str:
        acknowledged, failed, unknown = self.counts
        found = "ok" if not self.violations else "; ".join([*self.violations[:5], self.kept])
        return (
            f"seed {self.seed}: {', '.join(self.faults)}; {acknowledged} acknowledged, {failed} failed, "
            f"{unknown} unknown, {self.events} match events, {self.resumed} resumes; {self.seconds:.1f} s: {found}"
        )


class Storm:
    """Runs trials over a house that has begun; the ledger and the partner's stream go through all of them."""

    def __init__(self, house: House, directory: Path) -> None:
        self._house, self._directory = house, directory
        self._ledger = Ledger(directory / "ledger.jsonl")
        self._first = int(checks.ask(house, "matcher", checks.LAST)[0][0])
        self._partner = Partner(house.partner("测试合作方"))
        self._partner.start()
        assert self._partner.standing.wait(QUIET_SECONDS), "the partner's stream did not begin"

    def trial(self, seed: int) -> Result:
        """One trial; the same seed draws the same faults."""
        began, rng = time.monotonic(), random.Random(seed)
        drawn = faults.draw(rng, bool(self._house.servers))
        people, firms = self._house.channel("talent"), self._house.channel("funding")
        writers = [
            Writer(
                f"S{seed % 1000:03d}{number}"[-4:] + f"{seed}",
                rng.getrandbits(64),
                self._ledger,
                people,
                firms,
            )
            for number in range(WRITERS)
        ]
        for writer in writers:
            writer.start()
        for fault in drawn:
            faults.strike(self._house, fault)
        writers[0].leave()
        for writer in writers[1:]:
            writer.rest()
        self._house.heal()
        found = [] if all(each.end(QUIET_SECONDS) for each in writers) else ["a call found no end"]
        if not until(lambda: checks.is_quiet(self._house, self._partner, self._first), QUIET_SECONDS):
            found.append(f"not quiet {QUIET_SECONDS:.0f} s after the storm")
        found += [said for writer in writers for said in writer.broken]
        found += checks.violations(self._house, self._ledger, self._partner, self._first)
        people.close()
        firms.close()
        counts = tuple(
            self._ledger.count(each) for each in (Outcome.ACKNOWLEDGED, Outcome.FAILED, Outcome.UNKNOWN)
        )
        return Result(
            seed,
            tuple(map(str, drawn)),
            time.monotonic() - began,
            tuple(found),
            (counts[0], counts[1], counts[2]),
            self._partner.count(),
            self._partner.resumed,
        )

    def keep(self, where: Path, command: str) -> str:
        """Copy the ledger and all logs to a folder; says so, with the command that repeats what was done."""
        shutil.rmtree(where, ignore_errors=True)
        shutil.copytree(self._directory / "logs", where)
        shutil.copy(self._directory / "ledger.jsonl", where)
        for server in self._house.servers.values():
            for log in server.directory.glob("*.log"):
                shutil.copy(log, where)
        return f"ledger and logs are in {where}; to repeat: {command}"

    def close(self) -> None:
        """End the partner and the ledger."""
        self._partner.stop()
        self._ledger.close()
