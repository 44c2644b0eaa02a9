"""`python -m tests.promises --only NAME --runs N --seed S`: runs of one promise; a line for each, then the record."""

import argparse
import logging
import sys
import time

from tests.promises.all import PROMISES
from tests.storm.record import Row, add_record_option


def main(arguments: list[str]) -> int:
    """0 when every run held, 1 otherwise, 2 when the record would refuse them."""
    parser = argparse.ArgumentParser(prog="python -m tests.promises", description=__doc__)
    parser.add_argument("--only", choices=PROMISES, required=True)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    add_record_option(parser)
    given = parser.parse_args(arguments)
    logging.disable()
    promise, seeds = PROMISES[given.only], range(given.seed, given.seed + given.runs)
    row = Row(promise.row, f"make promise P={given.only} N={{runs}} SEED={{seed}}")
    if not row.allows(seeds, given.record):
        return 2
    broken = 0
    for seed in seeds:
        began, found = time.monotonic(), promise.violations(seed)
        broken += bool(found)
        said = "; ".join(found[:5]) or "ok"
        sys.stdout.write(f"{promise.row} seed {seed}: {time.monotonic() - began:.1f} s: {said}\n")
        sys.stdout.flush()
        if given.record == "add":
            row.write([seed], bool(found), "add")
    if given.record == "anew":
        row.write(seeds, broken, "anew")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
