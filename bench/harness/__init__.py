"""What a file of measurements is written with: rows, a run, and interleaved medians."""

from bench.harness.row import Row
from bench.harness.run import Run
from bench.harness.timing import Pair, interleaved, median_seconds

__all__ = ["Pair", "Row", "Run", "interleaved", "median_seconds"]
