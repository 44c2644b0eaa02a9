"""Additive logistic regression with monotone factors, drawn towards the weights that stand.

The score stays what it is, a sum of signed contributions in log-odds, so that what is learnt is explained as what
was set by hand. No factor is below zero: what speaks for a pair is never counted against it. With few outcomes
the penalty holds the weights near the standing ones; the cold start is the prior itself.

A place high in a list is looked at more kindly. Only pairs that somebody looked at take part; what the place and the
page where each was shown take off is found first, and left out of the score: everybody is judged as if first. The
place mostly follows the score, so beside a straight line it would stand in for what is curved: it is found beside the
squares and products of the features too, which then have done their work.
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import expit

from services.matcher.learn.outcomes import Floats, Outcomes, Weights

PENALTY = 4.0
PLACE, _SURE_OF_PLACE = -0.3, 2.0
"""What a unit of log place is taken to take off before anything is known of it: of none and of the 0.9 of people who
hardly look beyond the first places, neither is unlikely. The place follows the score, so that a few hundred outcomes
leave it open by 0.2 either way, and the probability of the first place with it.
"""
_EASY = 1.0 / 16.0
_STEPS = 500
_ANY, _NEVER_BELOW, _NEVER_ABOVE = (None, None), (0.0, None), (None, 0.0)
Bounds = tuple[float | None, float | None]


def fit(outcomes: Outcomes, prior: Weights, penalty: float = PENALTY) -> Weights:
    """The weights with the least penalised log loss; the penalty counts like so many outcomes."""
    place, page = _attention(outcomes, (prior.place, prior.page), penalty)
    constant, *factors = _least(
        np.column_stack([np.ones(len(outcomes)), outcomes.features]),
        outcomes.accepted,
        np.array([prior.constant, *prior.factors]),
        np.array([_EASY, *[1.0] * len(prior.factors)]) * penalty,
        [_ANY, *[_NEVER_BELOW] * len(prior.factors)],
        outcomes.attention @ np.array([place, page]),
    )
    return Weights(constant, tuple(factors), place, page)


def _attention(outcomes: Outcomes, prior: tuple[float, float], penalty: float) -> list[float]:
    """What a unit of log place and of log page take off."""
    if not len(outcomes):
        return list(prior)
    features = outcomes.features
    told = (features - features.mean(axis=0)) / np.maximum(features.std(axis=0), 1e-9)
    one, other = np.triu_indices(told.shape[1])
    curved = np.column_stack([told, told[:, one] * told[:, other]])
    count = curved.shape[1]
    return _least(
        np.column_stack([np.ones(len(outcomes)), curved, outcomes.attention]),
        outcomes.accepted,
        np.array([*[0.0] * (1 + count), prior[0] + PLACE, prior[1]]),
        np.array([_EASY, *[0.25] * count, _SURE_OF_PLACE, 1.0]) * penalty,
        [*[_ANY] * (1 + count), _NEVER_ABOVE, _NEVER_ABOVE],
        np.zeros(len(outcomes)),
    )[-2:]


def _least(
    rows: Floats, accepted: Floats, start: Floats, scale: Floats, bounds: Sequence[Bounds], given: Floats
) -> list[float]:
    """The weights of the columns with the least log loss beside what is `given` to every row, and least away from the
    `start` by the squares times `scale`.
    """
    # Loaded by who trains, not by every service that starts.
    from scipy.optimize import minimize

    def loss(weights: Floats) -> tuple[float, Floats]:
        score = rows @ weights + given
        error = expit(score) - accepted
        away = weights - start
        value = np.logaddexp(0.0, score).sum() - accepted @ score + 0.5 * float(scale @ away**2)
        return float(value), rows.T @ error + scale * away

    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": _STEPS})
    weights: list[float] = found.x.tolist()
    return weights
