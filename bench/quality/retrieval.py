"""How well texts find what they should: the product's own search beside what anybody would try first.

Every folder given is a task (`bench/quality/texts.py`). The encoder is fitted on the documents alone, never on
queries, and every query is answered by the search that FindMatches runs. The peer is the best of BM25 over pairs of
characters, TF-IDF and latent semantic analysis on that task; the row holds unless the difference, on the same
queries drawn anew, is below zero with its whole 95 % bootstrap interval. The average over the tasks is held against
that of the best peer of each. Rows of parts leave one part out. A pretrained encoder has rows of its own, and itself
alone for a peer. `quality.titles.*` needs no folder and is no part of the average (`bench/quality/titles.py`).

    make bench ONLY=quality DATA="FOLDER [FOLDER ...]" [ENCODERS="use e5"]
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from threadpoolctl import threadpool_limits

from bench.harness import Row, Run
from bench.quality.beside import alone, beside
from bench.quality.peers import PEERS
from bench.quality.pretrained import encoders
from bench.quality.ranking import Rankings, interval, ranked
from bench.quality.searching import Part, found, parts_of, rankings
from bench.quality.texts import Task, read_task
from bench.quality.titles import titles

NAMES = ("quality.",)
LEXICAL = "lexical"


@dataclass
class _Table:
    """Figures of every task so far: of one way of searching, and of the best peer that it has."""

    ours: dict[str, list[float]] = field(default_factory=dict)
    best: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, ours: float, best: float) -> None:
        self.ours.setdefault(name, []).append(ours)
        self.best.setdefault(name, []).append(best)


def measure(run: Run) -> Iterator[Row]:
    """For every folder a row for the default, one for each peer and part, and for each encoder; then the averages."""
    table = _Table()
    with threadpool_limits(1):
        for folder in run.data:
            if run.wants(f"quality.{folder.name}."):
                yield from _rows(run, read_task(folder, run.limit), table)
        if run.wants("quality.titles."):
            yield from _rows(run, titles(run.limit), _Table())
    for name, ours in table.ours.items():
        if len(ours) > 1:
            yield _average(run, name, ours, table.best[name])


def _rows(run: Run, task: Task, table: _Table) -> Iterator[Row]:
    peers = {name: ranked(score(task, run.seed)) for name, score in PEERS.items()}
    started = time.perf_counter()
    ours = found(task, Part())
    yield _beside(run, task, LEXICAL, ours, peers, time.perf_counter() - started, table)
    for name, each in peers.items():
        yield _plain(run, task, name, each)
    for name, part in parts_of(task).items():
        yield _plain(run, task, name, found(task, part))
    for name, encoder in encoders(run, task):
        started = time.perf_counter()
        ours = rankings(task, encoder.fitted(task.documents))
        seconds = time.perf_counter() - started
        by_itself = ranked(encoder.alone(task))
        yield _beside(run, task, name, ours, {**peers, f"{name} alone": by_itself}, seconds, table)
        yield _plain(run, task, f"{name}_alone", by_itself)


def _beside(
    run: Run,
    task: Task,
    name: str,
    ours: Rankings,
    peers: Mapping[str, Rankings],
    seconds: float,
    table: _Table,
) -> Row:
    """Beside the best of the peers on this task, kept for the averages."""
    note = f"{_range(task, ours, run.seed)}; {{minus}}; {seconds:.0f} s"
    row, best = beside(run, f"quality.{task.name}.{name}", task, ours, peers, note)
    table.add(name, row.value, best)
    return row


def _average(run: Run, name: str, ours: list[float], best: list[float]) -> Row:
    return run.row(
        f"quality.average.{name}",
        float(np.mean(ours)),
        "mean over the tasks",
        n=len(ours),
        peer="the best peer of each task",
        peer_value=float(np.mean(best)),
        bar=1.0,
        lower_is_better=False,
    )


def _plain(run: Run, task: Task, name: str, each: Rankings) -> Row:
    return alone(run, f"quality.{task.name}.{name}", task, each, _range(task, each, run.seed))


def _range(task: Task, found: Rankings, seed: int) -> str:
    low, high = interval(task, found, seed)
    return f"95 % [{low:.3f}, {high:.3f}]"
