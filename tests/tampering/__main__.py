"""`python -m tests.tampering --attempts N --seed S`: changes to an audit trail, each of which must be found."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.storm.record import Row, add_record_option
from tests.tampering.intruder import Target, attempt


def main(arguments: list[str]) -> int:
    """0 when every change was found, 1 otherwise, 2 when the record would refuse them."""
    parser = argparse.ArgumentParser(prog="python -m tests.tampering", description=__doc__)
    parser.add_argument("--attempts", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    add_record_option(parser)
    given = parser.parse_args(arguments)
    seeds = range(given.seed, given.seed + given.attempts)
    row = Row("P15", "make tampering N={runs} SEED={seed}")
    if not row.allows(seeds, given.record):
        return 2
    with tempfile.TemporaryDirectory() as directory:
        target = Target(Path(directory) / "audit.db")
        missed = [each for each in (attempt(target, seed) for seed in seeds) if each is not None]
        target.close()
    sys.stdout.writelines(f"not found: {each}\n" for each in missed[:20])
    sys.stdout.write(f"{len(seeds)} changes, {len(missed)} not found\n")
    if given.record:
        row.write(seeds, len(missed), given.record)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
