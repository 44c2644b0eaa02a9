"""Clients that ask an installation nonsense, each by a seed of its own, and count how the calls end."""

import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tests.contract.installation import Installation
from tests.contract.noise import Noise
from tests.fuzz.calling import BREAKS, Way, ways
from tests.fuzz.doors import PURPOSES, Door
from tests.fuzz.mangling import mangled

SLOW = frozenset(
    {
        "CompareDeals",
        "CompareShortageReleases",
        "CreateShortageRelease",
        "ForecastShortage",
        "GetCityReport",
        "ReweighShortage",
        "VerifyShortageRelease",
        "WatchMatches",
    }
)
"""Methods that take as long as dozens of others, whatever is asked: they are in every tenth round."""
_SLOW_EVERY = 10
_LEARNT_BYTES = 20_000
_KEPT = 20


@dataclass
class Outcome:
    """How calls ended, by status; and the first of those that a service must never end so."""

    codes: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        """Take in what another client saw."""
        self.codes += other.codes
        self.broken = [*self.broken, *other.broken][:_KEPT]

    @property
    def violations(self) -> int:
        """How many calls ended as none may."""
        return sum(self.codes[code] for code in BREAKS)


class Client:
    """Asks at a door; of ten requests, `mangled_tenths` have their bytes spoilt too."""

    def __init__(self, door: Door, seed: str, mangled_tenths: int = 4) -> None:
        self.noise, self.chance, self.outcome = Noise(seed), random.Random(seed), Outcome()
        self._door, self._mangled_tenths = door, mangled_tenths

    def ask(self, way: Way) -> None:
        """One call with one request, or with up to three where the method takes several."""
        wanted = self.chance.randint(1, 3) if way.method.client_streaming else 1
        requests = [self._encoded(way.method) for _ in range(wanted)]
        code, answers = self._door.ask(way, self.chance.choice(PURPOSES), requests)
        self.outcome.codes[code] += 1
        for answer in answers:
            if answer.ByteSize() <= _LEARNT_BYTES:
                self.noise.learn(answer)
        if code in BREAKS:
            self.outcome.broken = [*self.outcome.broken, f"{way.path} {code} {requests!r}"][:_KEPT]

    def _encoded(self, method: Any) -> bytes:
        encoded: bytes = self.noise.request(method).SerializeToString()
        return mangled(encoded, self.chance) if self.chance.randrange(10) < self._mangled_tenths else encoded


def fuzz(doors: Sequence[Door], seed: int, requests: int) -> Outcome:
    """So many calls over all methods, in rounds that have each method once (`SLOW`), by a client at each door."""
    together = Outcome()
    turns = count()

    def work(at: int) -> Outcome:
        client = Client(doors[at], f"{seed}-{at}")
        for number in count(at):
            of_round = quick if number % _SLOW_EVERY else known
            for way in client.chance.sample(of_round, len(of_round)):
                if next(turns) >= requests:
                    return client.outcome
                client.ask(way)
        raise AssertionError("rounds have no end")

    known = ways()
    quick = [way for way in known if way.method.name not in SLOW]
    with ThreadPoolExecutor(len(doors)) as pool:
        for outcome in pool.map(work, range(len(doors))):
            together.add(outcome)
    return together


def memory(of: Installation) -> dict[str, tuple[int, int]]:
    """Resident memory of each service in MiB: now, and the most it ever was (`/proc`, Linux)."""
    return {each.name: _memory_of(each.process.pid) for each in of.running}


def _memory_of(pid: int) -> tuple[int, int]:
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    now, most = (int(lines[name].split()[0]) // 1024 for name in ("VmRSS", "VmHWM"))
    return now, most
