"""How good rankings are: a value for every query, and intervals for means and for differences of two methods."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bench.quality.texts import Task

Values = NDArray[np.float64]
Rankings = Sequence[NDArray[np.int64]]
DEPTH = 1_000
NEIGHBOURS = 10
_RESAMPLES = 2_000
_SMOOTH = 3.0


def values(task: Task, rankings: Rankings) -> Values:
    """Average precision (the reciprocal rank where one document is right), or 1 for a right label, by query."""
    if task.labels:
        guessed = labelled(task, rankings)
        return np.array([one == other for one, other in zip(guessed, task.wanted, strict=True)], np.float64)
    return np.array([_precision(*each) for each in zip(rankings, task.right, task.own, strict=True)])


def labelled(task: Task, rankings: Rankings) -> list[str]:
    """The label of each query by the vote of its nearest documents, the nearer the heavier."""
    return [_vote([task.labels[row] for row in ranking[:NEIGHBOURS]]) for ranking in rankings]


def mean(task: Task, rankings: Rankings) -> float:
    """The figure of a task: MRR, MAP or macro-F1."""
    return _macro_f1(task, labelled(task, rankings)) if task.labels else float(values(task, rankings).mean())


def interval(found: Values, seed: int) -> tuple[float, float]:
    """95 % bootstrap interval of a mean over queries; of a difference, when that is given."""
    drawn = np.random.default_rng(seed).choice(found, (_RESAMPLES, len(found))).mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5])
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


def _macro_f1(task: Task, guessed: Sequence[str]) -> float:
    from sklearn.metrics import f1_score

    return float(f1_score(list(task.wanted), guessed, average="macro", zero_division=0))
