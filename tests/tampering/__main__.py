"""`python -m tests.tampering --attempts N --seed S`: changes to an audit trail, each of which must be found."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.storm.record import write_record
from tests.tampering.intruder import Target, attempt


def main(arguments: list[str]) -> int:
    """0 when every change was found, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.tampering", description=__doc__)
    parser.add_argument("--attempts", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", action="store_true", help="write docs/reliability.json and .md")
    given = parser.parse_args(arguments)
    seeds = range(given.seed, given.seed + given.attempts)
    with tempfile.TemporaryDirectory() as directory:
        target = Target(Path(directory) / "audit.db")
        missed = [each for each in (attempt(target, seed) for seed in seeds) if each is not None]
        target.close()
    sys.stdout.writelines(f"not found: {each}\n" for each in missed[:20])
    sys.stdout.write(f"{len(seeds)} changes, {len(missed)} not found\n")
    if given.record:
        command = f"make tampering N={given.attempts} SEED={given.seed}"
        write_record("P15", len(seeds), len(missed), f"{seeds[0]}-{seeds[-1]}", command)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
