"""`python -m tests.simulation --runs N --seed S`: runs in simulated time; a line for each that does not hold."""

import argparse
import logging
import sys

from tests.simulation.runs import broken_runs
from tests.storm.record import Row, add_record_option


def main(arguments: list[str]) -> int:
    """0 when every run held, 1 otherwise, 2 when the record would refuse them."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    add_record_option(parser)
    given = parser.parse_args(arguments)
    logging.disable()
    seeds = range(given.seed, given.seed + given.runs)
    row = Row("P3", "make simulate N={runs} SEED={seed}")
    if not row.allows(seeds, given.record):
        return 2
    broken = broken_runs(seeds)
    sys.stdout.writelines(f"seed {seed}: {'; '.join(wrong)}\n" for seed, wrong in broken.items())
    sys.stdout.write(f"{len(seeds)} runs, {len(broken)} broken\n")
    if given.record:
        row.write(seeds, len(broken), given.record)
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
