"""How good rankings are: the figure of a task, and intervals for it and for its difference between two methods."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bench.quality.texts import Task

Values = NDArray[np.float64]
Counts = NDArray[np.int64]
Rankings = Sequence[NDArray[np.int64]]
DEPTH = 1_000
NEIGHBOURS = 10
_RESAMPLES = 2_000
_SMOOTH = 3.0


def values(task: Task, rankings: Rankings) -> Values:
    """Average precision by query, the reciprocal rank where one document is right."""
    return np.array([_precision(*each) for each in zip(rankings, task.right, task.own, strict=True)])


def labelled(task: Task, rankings: Rankings) -> list[str]:
    """The label of each query by the vote of its nearest documents, the nearer the heavier."""
    return [_vote([task.labels[row] for row in ranking[:NEIGHBOURS]]) for ranking in rankings]


def mean(task: Task, rankings: Rankings) -> float:
    """The figure of a task: MRR, MAP or macro-F1."""
    return float(_figures(task, rankings, np.ones((1, len(task.queries)), np.int64))[0])


def interval(task: Task, rankings: Rankings, seed: int, minus: Rankings | None = None) -> tuple[float, float]:
    """95 % bootstrap interval of the figure of a task; with `minus` of what is left when that method's is taken off.

    The queries are drawn anew and the figure is worked out of them, of both methods from the same queries.
    """
    size = len(task.queries)
    drawn = np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), _RESAMPLES)
    found = _figures(task, rankings, drawn)
    if minus is not None:
        found = found - _figures(task, minus, drawn)
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def ranked(scores: NDArray[np.floating]) -> Rankings:
    """The best DEPTH documents of each row of scores, ties by number."""
    return [np.argsort(-row, kind="stable")[:DEPTH] for row in scores]


def _precision(ranking: NDArray[np.int64], right: frozenset[int], own: int | None) -> float:
    kept = [row for row in ranking.tolist() if row != own]
    places = [place for place, row in enumerate(kept, start=1) if row in right]
    return sum(found / place for found, place in enumerate(places, start=1)) / max(1, len(right))


def _vote(labels: Sequence[str]) -> str:
    weights: dict[str, float] = defaultdict(float)
    for place, label in enumerate(labels):
        weights[label] += 1.0 / (place + _SMOOTH)
    return max(sorted(weights), key=lambda label: weights[label])


def _figures(task: Task, rankings: Rankings, drawn: Counts) -> Values:
    """The figure of a task for each row of `drawn`: how often every query counts."""
    if task.labels:
        return _macro_f1(np.array(task.wanted), np.array(labelled(task, rankings)), drawn)
    return np.asarray(drawn @ values(task, rankings) / drawn.sum(axis=1))


def _macro_f1(wanted: NDArray[np.str_], guessed: NDArray[np.str_], drawn: Counts) -> Values:
    """Mean of the labels' F1 over those that stand among the queries drawn or were guessed of one."""
    labels = np.unique(np.concatenate([wanted, guessed]))
    is_wanted, is_guessed = wanted[:, None] == labels, guessed[:, None] == labels
    right = drawn @ (is_wanted & is_guessed).astype(np.int64)
    both = drawn @ is_wanted.astype(np.int64) + drawn @ is_guessed.astype(np.int64)
    return np.asarray((2 * right / np.maximum(both, 1)).sum(axis=1) / (both > 0).sum(axis=1))
