"""`python -m tests.storm --trials N --seed S --engines embedded|full`: a line for each trial, then the record."""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer
from tests.servers.workspace import REPOSITORY
from tests.storm.house import House
from tests.storm.record import write_record
from tests.storm.storm import Result, Storm

HOUSE_TRIALS = 25
"""After so many a new house begins: what has gathered in the old one makes the checks slow."""
KEPT = REPOSITORY / "var" / "storm"
"""Where the ledger and the logs of a trial that broke a promise stay."""


@contextmanager
def storm(engines: str) -> Iterator[Storm]:
    """A house with the sample in it, on the embedded engines or on PostgreSQL and Kafka of its own."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers: list[PostgresServer | KafkaServer] = []
        if engines == "full":
            servers = [stack.enter_context(PostgresServer(durable=True)), stack.enter_context(KafkaServer())]
        house = House(directory, *servers)  # type: ignore[arg-type]
        stack.callback(house.end)
        house.begin()
        made = Storm(house, directory)
        stack.callback(made.close)
        yield made


def trials(engines: str, seeds: Sequence[int]) -> Iterator[Result]:
    """Each trial as it ends, in houses of HOUSE_TRIALS. A house with damage in it is left; what it wrote is kept."""
    for at in range(0, len(seeds), HOUSE_TRIALS):
        with storm(engines) as made:
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
    """0 when every trial held, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--trials", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, nargs="+", help="these, in this order, instead")
    parser.add_argument("--engines", choices=("embedded", "full"), default="embedded")
    parser.add_argument("--record", action="store_true", help="write docs/reliability.json and .md")
    given = parser.parse_args(arguments)
    results: list[Result] = []
    for result in trials(given.engines, given.seeds or range(given.seed, given.seed + given.trials)):
        results.append(result)
        sys.stdout.write(f"{result}\n")
        sys.stdout.flush()
    broken = sum(bool(result.violations) for result in results)
    seconds = sum(result.seconds for result in results) / max(len(results), 1)
    sys.stdout.write(f"{len(results)} trials on {given.engines}, {broken} broken, {seconds:.1f} s each\n")
    if given.record and not given.seeds:
        seeds = f"{given.seed}-{given.seed + given.trials - 1}"
        command = f"make storm ENGINES={given.engines} N={given.trials} SEED={given.seed}"
        write_record(f"P1 ({given.engines})", len(results), broken, seeds, command)
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
