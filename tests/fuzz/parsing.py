"""`python -m tests.fuzz.parsing --inputs N --seed S`: as many spoilt inputs to every reader, a line for each reader."""

import argparse
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from tests.fuzz.parsers import PARSERS
from tests.storm.record import Row, add_record_option

ROW = Row("fuzz (parsers)", "make fuzz-parsers N={runs} SEED={seed}")


def violations(name: str, seeds: Sequence[int]) -> list[str]:
    """What one reader did that it may not: by seed, an error that is no refusal, with its place."""
    reading, found = PARSERS[name], []
    good, refused, slowest = reading.good(), 0, (0.0, 0)
    for each in good:
        reading.read(reading.whole(each))
    began = time.monotonic()
    for seed in seeds:
        chance = random.Random(seed)
        spoilt = reading.spoil(chance.choice(good), chance)
        since = time.monotonic()
        try:
            with suppress(*reading.refusals):
                reading.read(spoilt)
                refused -= 1
            refused += 1
        except Exception as error:  # noqa: BLE001 - any other than a refusal is what is looked for
            place = traceback.extract_tb(error.__traceback__)[-1]
            found.append(
                f"{name} seed {seed}: {type(error).__name__} {place.filename}:{place.lineno} {error}"[:300]
            )
        slowest = max(slowest, (time.monotonic() - since, seed))
    sys.stdout.write(
        f"{name}: {len(seeds)} inputs, {refused} refused, {len(found)} violations, "
        f"{time.monotonic() - began:.0f} s, the slowest {slowest[0]:.2f} s (seed {slowest[1]})\n"
    )
    sys.stdout.flush()
    return found


def main(arguments: list[str]) -> int:
    """0 when every reader read or refused, 1 otherwise, 2 when the record would refuse the seeds."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.parsing", description=__doc__)
    parser.add_argument("--only", choices=PARSERS)
    parser.add_argument("--inputs", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    add_record_option(parser)
    given = parser.parse_args(arguments)
    seeds = range(given.seed, given.seed + given.inputs)
    if not ROW.allows(seeds, given.record):
        return 2
    found = [each for name in ([given.only] if given.only else PARSERS) for each in violations(name, seeds)]
    sys.stdout.writelines(f"  {place} ({count} in all)\n" for place, count in _first(found).items())
    if given.record:
        ROW.write(seeds, len(found), given.record)
    return int(bool(found))


def _first(found: Sequence[str]) -> dict[str, int]:
    """One of each kind, and how many there are of it."""
    kinds = Counter(" ".join(each.split(": ", 1)[1].split()[:2]) for each in found)
    return {next(each for each in found if kind in each): count for kind, count in kinds.most_common()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
