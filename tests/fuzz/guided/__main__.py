"""`python -m tests.fuzz.guided --minutes N --seed S`: every reader for so long, led by the branches that inputs take.

Needs atheris (`make fuzz-guided` installs it). What was learnt stays in var/fuzz and is where the next run begins.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

from tests.fuzz.guided.forms import FORMS
from tests.storm.record import Row, add_record_option

ROW: Final = Row("fuzz (guided)", "make fuzz-guided N={runs} SEED={seed}")
"""A run is a minute of every reader."""
FOLDER: Final = Path("var/fuzz")
LONGEST_SECONDS: Final = 10
"""An input that takes a reader longer is a finding, as one that makes it larger is."""
LARGEST_MB: Final = 200
_DONE: Final = re.compile(r"DONE\s+cov: (\d+) .*corp: (\d+)/")
_STATED: Final = re.compile(r"^stat::(\w+):\s+(\d+)", re.MULTILINE)


class Outcome(NamedTuple):
    """Of one reader; `said` is the end of what was printed where something was found."""

    name: str
    figures: str
    said: str


def outcome_of(name: str, code: int, printed: str) -> Outcome:
    """What libFuzzer printed, in a line."""
    stated = dict(_STATED.findall(printed))
    done = _DONE.search(printed)
    covered = f"{done[1]} branches, {done[2]} inputs kept" if done else "stopped"
    count, most = (stated.get(each, "?") for each in ("number_of_executed_units", "peak_rss_mb"))
    figures = f"{count} inputs, {covered}, {most} MB at most"
    return Outcome(name, figures, "" if code == 0 and done else printed[-3_000:])


def _run(name: str, minutes: int, seed: int) -> Outcome:
    command = [
        *(sys.executable, "-m", "tests.fuzz.guided.target", name, str(FOLDER / name.replace(" ", "-"))),
        *(f"-max_total_time={60 * minutes}", f"-seed={seed}", "-print_final_stats=1"),
        *(f"-timeout={LONGEST_SECONDS}", f"-rss_limit_mb={LARGEST_MB}"),
    ]
    ended = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    return outcome_of(name, ended.returncode, ended.stdout + ended.stderr)


def main(arguments: Sequence[str]) -> int:
    """0 when every reader read or refused, 1 otherwise, 2 when the record would refuse the seeds."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.guided", description=__doc__)
    parser.add_argument("--only", choices=FORMS, help="one reader; nothing is recorded then")
    parser.add_argument("--minutes", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    add_record_option(parser)
    given = parser.parse_args(arguments)
    seeds = range(given.seed, given.seed + given.minutes)
    if not ROW.allows(seeds, given.record):
        return 2
    found = 0
    with ThreadPoolExecutor(given.workers) as pool:
        names = [given.only] if given.only else list(FORMS)
        for each in pool.map(lambda name: _run(name, given.minutes, given.seed), names):
            sys.stdout.write(f"{each.name}: {each.figures}\n{each.said}")
            sys.stdout.flush()
            found += bool(each.said)
    if given.record and not given.only:
        ROW.write(seeds, found, given.record)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
