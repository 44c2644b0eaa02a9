"""Outcomes whose truth is known: made-up pairs, what people really think of them, and where they stood in a list.

Features are drawn as the score reads them. Truth is not of the form that is fitted: the text counts with
diminishing returns, and city and availability help each other. Pairs are shown in lists of ten, in the order of the
standing weights or, for some lists, in another that has nothing to do with them (by shortage, say); the lower the
place the less kindly it is looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from services.matcher.domain.kinds import PairKind
from services.matcher.learn.outcomes import Floats, Outcomes, Weights, log_odds

LIST = 10
_PLACE = -0.45
_TRUE = {"text": 1.5, "placed": 1.2, "directions": 0.4, "city": 1.8, "category": 0.7, "availability": 1.6}
_CITIES = ("nanjing", "suzhou", "wuxi", "xuzhou")


@dataclass(frozen=True, slots=True)
class World:
    """Outcomes as they were seen, the chance that each had if it had stood first, and its place by the standing
    weights, which is the one where it was shown unless its list was in another order.
    """

    outcomes: Outcomes
    truth: Floats
    by_score: Floats


def world(kind: PairKind, count: int, seed: int, *, otherwise: float = 0.0, place: float = _PLACE) -> World:
    """`count` decided pairs of a kind, shown in lists by its weights; a share of the lists `otherwise`. `place`: what a
    unit of its log takes off.
    """
    chance = np.random.default_rng(seed)
    names = tuple(use.name for use in kind.features)
    features = np.column_stack([_drawn(name, count, chance) for name in names])
    groups = {"city": tuple(chance.choice(_CITIES, count).tolist())}
    ones = np.ones(count)
    score = log_odds(Outcomes(names, features, ones, ones, ones, groups), prior_of(kind))
    by_score, rank = _places(score, chance, otherwise)
    real = _real(names, features)
    accepted = (chance.random(count) < expit(real + place * np.log(rank))).astype(np.float64)
    return World(Outcomes(names, features, accepted, rank, ones, groups), expit(real), by_score)


def prior_of(kind: PairKind) -> Weights:
    """The weights that were set by hand."""
    return Weights(kind.constant, tuple(use.factor for use in kind.features))


def _real(names: Sequence[str], features: Floats) -> Floats:
    parts = dict(zip(names, features.T, strict=True))
    total = np.full(len(features), -2.6)
    for name, column in parts.items():
        gain = _TRUE.get(name, 0.5)
        total = total + gain * (np.tanh(column) * 1.3 if name == "text" else column)
    return total + 0.4 * (parts["city"] > 0) * (parts["availability"] > 0)


def _places(score: Floats, chance: np.random.Generator, otherwise: float) -> tuple[Floats, Floats]:
    """The place of each by score in a list of ten drawn by chance, and the one where it is shown."""
    by_score, shown = np.empty(len(score)), np.empty(len(score))
    for rows in np.array_split(chance.permutation(len(score)), max(1, len(score) // LIST)):
        places = np.arange(1, len(rows) + 1)
        by_score[rows[np.argsort(-score[rows], kind="stable")]] = places
        shown[rows] = by_score[rows]
        if otherwise and chance.random() < otherwise:
            shown[rows] = chance.permutation(places)
    return by_score, shown


def _drawn(name: str, count: int, chance: np.random.Generator) -> Floats:
    values = {
        "city": (0.6, 0.3, -0.9, 0.0),
        "category": (0.8, 0.2, -0.4, -1.0, 0.0),
        "availability": (0.5, 0.2, -0.3, -1.5, 0.0),
        "directions": (2.0, 0.4, -0.6, 0.0),
    }
    if name in values:
        return np.asarray(chance.choice(values[name], count), np.float64)
    if name == "placed":
        return np.maximum(
            -1.8, 4.0 * np.sqrt(chance.beta(1.0, 3.0, count)) - 0.3 - 1.5 * (chance.random(count) < 0.3)
        )
    return 8.0 * (np.sqrt(chance.beta(1.2, 6.0, count)) - 0.22)
