"""`python -m tests.storm --trials N --seed S --engines embedded|full`: a line for each trial, then the record."""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from services.cli.running import processes
from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer
from tests.servers.workspace import REPOSITORY
from tests.storm.house import House
from tests.storm.record import Row, add_record_option
from tests.storm.storm import Result, Storm

HOUSE_TRIALS = 25
"""After so many a new house begins: what has gathered in the old one makes the checks slow."""
KEPT = REPOSITORY / "var" / "storm"
"""Where the ledger and the logs of a trial that broke a promise stay."""


@contextmanager
def storm(engines: str, spawn: processes.Spawn) -> Iterator[Storm]:
    """A house with the sample in it, on the embedded engines or on PostgreSQL and Kafka of its own."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database, broker = None, None
        if engines == "full":
            database = stack.enter_context(PostgresServer(durable=True))
            broker = stack.enter_context(KafkaServer())
        house = House(directory, database, broker, spawn=spawn)
        stack.callback(house.end)
        house.begin()
        made = Storm(house, directory)
        stack.callback(made.close)
        yield made


def trials(engines: str, seeds: Sequence[int], spawn: processes.Spawn = processes.spawn) -> Iterator[Result]:
    """Each trial as it ends, in houses of HOUSE_TRIALS. A house with damage in it is left; what it wrote is kept.

    `spawn` starts the services, at first and whenever a fault ended them.
    """
    for at in range(0, len(seeds), HOUSE_TRIALS):
        with storm(engines, spawn) as made:
            for number, seed in enumerate(seeds[at : at + HOUSE_TRIALS], 1):
                result = made.trial(seed)
                if result.violations:
                    again = _again(engines, seeds[at : at + number])
                    yield replace(result, kept=made.keep(KEPT / f"{engines}-{seed}", again))
                    break
                yield result


def _again(engines: str, seeds: Sequence[int]) -> str:
    """The command that does the same to a new house."""
    return f"python -m tests.storm --engines {engines} --seeds {' '.join(map(str, seeds))}"


def main(arguments: list[str]) -> int:
    """0 when every trial held, 1 otherwise, 2 when the record would refuse what is to be run."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--trials", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, nargs="+", help="these, in this order, instead")
    parser.add_argument("--engines", choices=("embedded", "full"), default="embedded")
    add_record_option(parser)
    given = parser.parse_args(arguments)
    seeds = given.seeds or range(given.seed, given.seed + given.trials)
    row = Row(f"P1 ({given.engines})", f"make storm ENGINES={given.engines} N={{runs}} SEED={{seed}}")
    if not row.allows(seeds, given.record):
        return 2
    results: list[Result] = []
    for result in trials(given.engines, seeds):
        results.append(result)
        sys.stdout.write(f"{result}\n")
        sys.stdout.flush()
        if given.record == "add":  # at once: what ends a long run takes nothing of it
            row.write([result.seed], bool(result.violations), "add")
    broken = sum(bool(result.violations) for result in results)
    seconds = sum(result.seconds for result in results) / max(len(results), 1)
    sys.stdout.write(f"{len(results)} trials on {given.engines}, {broken} broken, {seconds:.1f} s each\n")
    if given.record == "anew":
        row.write([result.seed for result in results], broken, "anew")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
