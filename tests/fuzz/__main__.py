"""`python -m tests.fuzz --requests N --seed S`: requests over all methods, a line for each house, then the record."""

import argparse
import math
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from services.cli.running.processes import SERVICES
from tests.contract.installation import Installation, installation, load_sample, start_with_sample
from tests.fuzz.doors import Wires
from tests.fuzz.fuzzing import Outcome, fuzz, memory
from tests.fuzz.state import problems
from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer
from tests.storm.record import Row, add_record_option

HOUSE_REQUESTS = 10_000
"""After so many a new house begins: what has gathered in the old one makes the calls slow."""
MOST_MIB = 1_000
"""The most resident memory that a service may ever have had."""


@dataclass
class Run:
    """All houses together."""

    outcome: Outcome = field(default_factory=Outcome)
    problems: list[str] = field(default_factory=list)

    @property
    def violations(self) -> int:
        """Calls that ended as none may, and what does not hold afterwards."""
        return self.outcome.violations + len(self.problems)


def house(seed: int, requests: int, clients: int, engines: str) -> Run:
    """Start an installation with the small sample, ask, stop, and look at what is left."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        made = installation(directory, **(_servers(stack) if engines == "full" else {}))
        try:
            _begin(made, engines)
            before, began = memory(made), time.monotonic()
            with ExitStack() as opened:
                outcome = fuzz([Wires(made, opened) for _ in range(clients)], seed, requests)
            seconds, after = time.monotonic() - began, memory(made)
        finally:
            ended = made.stop()
        found = [f"{name} ended with {status}" for name, status in ended.items() if status]
        found += [f"{name} took {most} MiB" for name, (_, most) in after.items() if most > MOST_MIB]
        run = Run(outcome, [*found, *problems(made)])
    _say(seed, run, seconds, {name: (before[name][0], *after[name]) for name in after})
    return run


def _servers(stack: ExitStack) -> dict[str, str]:
    """The settings of an installation on a PostgreSQL and a Kafka of its own."""
    database, broker = stack.enter_context(PostgresServer()), stack.enter_context(KafkaServer())
    urls = {
        f"{name}_database_url": database.database_url(database.create_database(name)) for name in SERVICES
    }
    return urls | {"log_url": broker.url}


def _begin(made: Installation, engines: str) -> None:
    if engines == "full":
        made.start()
        load_sample(made)
        made.wait_level()
    else:
        start_with_sample(made)


def _say(seed: int, run: Run, seconds: float, mib: dict[str, tuple[int, int, int]]) -> None:
    codes, total = run.outcome.codes, run.outcome.codes.total()
    grown = ", ".join(f"{name} {a} → {b} MiB (most {c})" for name, (a, b, c) in mib.items())
    sys.stdout.write(
        f"seed {seed}: {total} requests, {total / seconds:.0f} a second, {run.violations} violations; {grown}\n"
        f"  {dict(codes.most_common())}\n"
    )
    sys.stdout.writelines(f"  {each}\n" for each in [*run.outcome.broken, *run.problems])
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """0 when every request was answered as it should be, 1 otherwise, 2 when the record would refuse them."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clients", type=int, default=3)
    parser.add_argument("--engines", choices=("embedded", "full"), default="embedded")
    add_record_option(parser)
    given = parser.parse_args(arguments)
    whole, left = Run(), given.requests
    seeds = range(given.seed, given.seed + math.ceil(given.requests / HOUSE_REQUESTS))
    name, engines = ("fuzz (full)", " ENGINES=full") if given.engines == "full" else ("fuzz", "")
    row = Row(name, f"make fuzz{engines} N={{runs}} SEED={{seed}}", HOUSE_REQUESTS)
    if not row.allows(seeds, given.record):
        return 2
    for seed in seeds:
        run = house(seed, min(left, HOUSE_REQUESTS), given.clients, given.engines)
        whole.outcome.add(run.outcome)
        whole.problems += run.problems
        left -= HOUSE_REQUESTS
    total = whole.outcome.codes.total()
    sys.stdout.write(f"{total} requests, {whole.violations} violations\n")
    if given.record:
        row.write(seeds, whole.violations, given.record, runs=total)
    return int(whole.violations > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
