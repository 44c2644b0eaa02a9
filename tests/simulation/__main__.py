"""`python -m tests.simulation --runs N --seed S`: runs in simulated time; a line for each that does not hold."""

import argparse
import logging
import sys

from tests.simulation.runs import broken_runs
from tests.storm.record import write_record


def main(arguments: list[str]) -> int:
    """0 when every run held, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", action="store_true", help="write docs/reliability.json and .md")
    given = parser.parse_args(arguments)
    logging.disable()
    seeds = range(given.seed, given.seed + given.runs)
    broken = broken_runs(seeds)
    sys.stdout.writelines(f"seed {seed}: {'; '.join(wrong)}\n" for seed, wrong in broken.items())
    sys.stdout.write(f"{len(seeds)} runs, {len(broken)} broken\n")
    if given.record:
        command = f"make simulate N={given.runs} SEED={given.seed}"
        write_record("P3", len(seeds), len(broken), f"{seeds[0]}-{seeds[-1]}", command)
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
