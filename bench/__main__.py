"""Runs measurements and keeps their rows: `python -m bench [--only PREFIX] [--limit N] [--data FOLDER …]
[--encoders NAME …]`.
"""

import argparse
import sys
from pathlib import Path

from bench.harness.discovery import measurements
from bench.harness.results import line, merge
from bench.harness.row import Row
from bench.harness.run import Run

_HERE = Path(__file__).parent


def main(arguments: list[str]) -> int:
    """0; 1 when nothing was measured or a bar was not reached; rows of a trial run (--limit) are printed only."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", default="", help="rows whose name begins so")
    parser.add_argument("--limit", type=int, help="cap on every size: a trial run, not recorded")
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="folders with corpus and queries")
    parser.add_argument("--encoders", nargs="*", default=[], help="pretrained encoders beside the default")
    options = parser.parse_args(arguments)
    run = Run(
        only=options.only,
        limit=options.limit,
        data=tuple(options.data),
        encoders=tuple(options.encoders),
    )
    try:
        rows = _measured(run)
    finally:
        run.close()
    if rows and run.limit is None:
        merge(_HERE, rows)
    return 0 if rows and all(row.holds is not False for row in rows) else 1


def _measured(run: Run) -> list[Row]:
    rows: list[Row] = []
    for measurement in measurements():
        if any(run.wants(name) for name in measurement.names):
            for row in measurement.measure(run):
                rows.append(row)
                sys.stdout.write(f"{line(row.document())}\n")
                sys.stdout.flush()
    return rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
