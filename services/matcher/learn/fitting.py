"""Additive logistic regression with monotone factors, drawn towards the weights that stand.

The score stays what it is, a sum of signed contributions in log-odds, so that what is learnt is explained as what
was set by hand. No factor is below zero: what speaks for a pair is never counted against it. With few outcomes
the penalty holds the weights near the standing ones; the cold start is the prior itself.

A place high in a list is looked at more kindly. Only pairs that somebody looked at take part, and the place
itself is fitted beside the features (log of the rank) and left out of the score: everybody is judged as if first.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from services.matcher.learn.outcomes import Floats, Outcomes

PENALTY = 4.0
_STEPS = 500


@dataclass(frozen=True, slots=True)
class Weights:
    """`factors` in the order of the outcomes' names; `place` is what a unit of log rank takes off, never above 0."""

    constant: float
    factors: tuple[float, ...]
    place: float = 0.0


def fit(outcomes: Outcomes, prior: Weights, penalty: float = PENALTY) -> Weights:
    """The weights with the least penalised log loss; the penalty counts like so many outcomes."""
    # Loaded by who trains, not by every service that starts.
    from scipy.optimize import minimize

    start = np.array([prior.constant, *prior.factors, prior.place])
    place = np.log(np.maximum(outcomes.rank, 1.0))
    rows = np.column_stack([np.ones(len(outcomes)), outcomes.features, place])
    scale = np.array([1.0 / 16.0, *[1.0] * len(prior.factors), 1.0 / 16.0]) * penalty

    def loss(weights: Floats) -> tuple[float, Floats]:
        score = rows @ weights
        error = expit(score) - outcomes.accepted
        away = weights - start
        value = np.logaddexp(0.0, score).sum() - outcomes.accepted @ score + 0.5 * float(scale @ away**2)
        return float(value), rows.T @ error + scale * away

    bounds = [(None, None), *[(0.0, None)] * len(prior.factors), (None, 0.0)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": _STEPS})
    constant, *factors, place_weight = found.x.tolist()
    return Weights(constant, tuple(factors), place_weight)
