"""The row of a search beside the best of its peers on the same queries."""

from collections.abc import Mapping

from bench.harness import Row, Run
from bench.quality.ranking import Rankings, interval, mean
from bench.quality.texts import Task


def beside(
    run: Run, name: str, task: Task, ours: Rankings, peers: Mapping[str, Rankings], note: str
) -> tuple[Row, float]:
    """The row, and the figure of the best peer. There is a bar, which it misses, only where it is surely worse: with
    the whole 95 % interval of the difference below zero. In the note the interval stands where `{minus}` does.
    """
    figures = {peer: mean(task, each) for peer, each in peers.items()}
    best = max(figures, key=lambda peer: figures[peer])
    low, high = interval(task, ours, run.seed, minus=peers[best])
    row = run.row(
        name,
        mean(task, ours),
        task.metric,
        n=len(task.queries),
        peer=best,
        peer_value=figures[best],
        bar=None if high >= 0 else 1.0,
        lower_is_better=False,
        note=note.format(minus=f"minus {best} [{low:+.3f}, {high:+.3f}]"),
    )
    return row, figures[best]


def alone(run: Run, name: str, task: Task, each: Rankings, note: str = "") -> Row:
    """The row of a peer, or of what a part is left out of."""
    return run.row(name, mean(task, each), task.metric, n=len(task.queries), lower_is_better=False, note=note)
