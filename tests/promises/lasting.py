"""P18, 24 days: an installation that is little used, with a clock that makes a day a minute: it does not grow."""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from threading import Event

import grpc

from bole.funding.v1 import deal_service_pb2, deal_service_pb2_grpc
from bole.matcher.v1 import matching_service_pb2, matching_service_pb2_grpc
from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc
from tests.contract.installation import Installation
from tests.promises.holding import Held, held_by
from tests.promises.shortages import Clock
from tests.storm import checks
from tests.storm.clients import Partner, Writer
from tests.storm.house import House, until
from tests.storm.ledger import Ledger, Outcome

TIMES = 24 * 60
"""How fast the clock goes: a day passes in a minute. What is done at midnight for the first time is so done before
anything is compared.
"""
QUIET_SECONDS = 300.0
MOST_GROWTH = 0.02
"""Of the resident memory, from the second quarter to the last, beside what a process takes and gives back."""
SWAY_KIB = 4 * 1024
MORE_FILES = 4
"""Or threads, that may come and go."""
_LOOK_SECONDS = 5.0
_CHANGE_SECONDS = 10.0
"""Somebody is registered or changed that often."""


def violations(seed: int, seconds: float) -> list[str]:
    """Everything that does not hold after so many seconds, each of them 24 minutes to the services."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        clock = Clock(directory / "clock")
        with clock.preloaded():
            house = House(directory / "house")
            stack.callback(house.end)
            house.begin()
        ledger = Ledger(directory / "ledger.jsonl")
        stack.callback(ledger.close)
        partner = Partner(house.partner("测试合作方"))
        first = int(checks.ask(house, "matcher", checks.LAST)[0][0])
        partner.start()
        people, firms, matches = (
            stack.enter_context(clock.channel(house.settings, name))
            for name in ("talent", "funding", "matcher")
        )
        writer = Writer(f"T{seed % 1000:03d}", seed, ledger, people, firms, _CHANGE_SECONDS)
        writer.start()
        with clock.running(TIMES):
            samples = _watched(house.installation, seconds, lambda: _asked(people, firms, matches))
        writer.rest()
        found = [] if writer.end(QUIET_SECONDS) else ["a call found no end"]
        if ledger.count(Outcome.ACKNOWLEDGED) < seconds / _CHANGE_SECONDS / 2:
            found.append("hardly anything was changed")
        if not until(lambda: checks.is_quiet(house, partner, first), QUIET_SECONDS):
            found.append("not quiet")
        partner.stop()
        found += writer.broken
        found += [
            f"{each.name} ended with {each.process.returncode}"
            for each in house.installation.running
            if each.process.poll() is not None
        ]
        return [*found, *_judged(samples), *checks.violations(house, ledger, partner, first)]


def _asked(people: grpc.Channel, firms: grpc.Channel, matches: grpc.Channel) -> None:
    """What somebody looks at now and then."""
    library_service_pb2_grpc.LibraryServiceStub(people).SearchPersons(
        library_service_pb2.SearchPersonsRequest(query="氢", page_size=20)
    )
    deal_service_pb2_grpc.DealServiceStub(firms).ListDeals(deal_service_pb2.ListDealsRequest(page_size=20))
    matching_service_pb2_grpc.MatchingServiceStub(matches).GetIndexStatus(
        matching_service_pb2.GetIndexStatusRequest()
    )


def _watched(installation: Installation, seconds: float, ask: Callable[[], None]) -> dict[str, list[Held]]:
    """What each service holds, time and again for so many seconds, while somebody asks."""
    samples: dict[str, list[Held]] = {each.name: [] for each in installation.running}
    until_then = time.monotonic() + seconds
    while time.monotonic() < until_then:
        ask()
        for each in installation.running:
            if each.process.poll() is None:
                samples[each.name].append(held_by(each.process.pid))
        Event().wait(_LOOK_SECONDS)
    return samples


def _judged(samples: dict[str, list[Held]]) -> Iterator[str]:
    """Growth between the second quarter and the last: in the first, what is asked for the first time is made ready."""
    for name, held in samples.items():
        quarter = len(held) // 4
        before, after = held[quarter : 2 * quarter], held[-quarter:]
        kib, grown = _median(before).kib, _median(after).kib
        sys.stdout.write(
            f"  {name}: {kib // 1024} → {grown // 1024} MiB, {_most(before).files} → {_most(after).files} files, "
            f"{_most(before).threads} → {_most(after).threads} threads\n"
        )
        if grown > kib * (1 + MOST_GROWTH) + SWAY_KIB:
            yield f"{name} has grown from {kib} to {grown} KiB"
        for what in ("files", "threads"):
            was, now = getattr(_most(before), what), getattr(_most(after), what)
            if now > was + MORE_FILES:
                yield f"{name} held {was} {what}, and now {now}"


def _median(held: Sequence[Held]) -> Held:
    return Held(*(int(median(each)) for each in zip(*held, strict=True)))


def _most(held: Sequence[Held]) -> Held:
    return Held(*(max(each) for each in zip(*held, strict=True)))
