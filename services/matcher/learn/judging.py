"""How good weights are on outcomes that they have not seen."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit

from services.matcher.learn.outcomes import Floats, Outcomes, Weights, log_odds, log_odds_seen

BINS = 10
_RESAMPLES = 1_000


@dataclass(frozen=True, slots=True)
class Quality:
    """`log_loss` in nats per pair, at the place where it stood; `ranking`: the chance that an accepted pair stands
    above a refused one there.

    `calibration_error` is that of the probability which is shown, the same wherever a pair stood: how far predicted
    shares, and seen ones divided by the propensity of the place, differ over ten equal bins. A pair counts by its
    propensity: who was hardly looked at says little.
    """

    log_loss: float
    calibration_error: float
    ranking: float


def losses(outcomes: Outcomes, weights: Weights) -> Floats:
    """Log loss of every row, at the place where it stood."""
    score = log_odds_seen(outcomes, weights)
    loss: Floats = np.logaddexp(0.0, score) - outcomes.accepted * score
    return loss


def judge(outcomes: Outcomes, weights: Weights) -> Quality:
    """The three figures of some weights."""
    looked = propensities(outcomes, weights)
    return Quality(
        float(losses(outcomes, weights).mean()),
        calibration_error(expit(log_odds(outcomes, weights)), outcomes.accepted / looked, looked),
        ranking(log_odds_seen(outcomes, weights), outcomes.accepted),
    )


def propensities(outcomes: Outcomes, weights: Weights) -> Floats:
    """Of the chance that each pair has in the first place, the share that was left to it where it stood: what is seen
    divided by it is, on average, what would have been seen in the first place (inverse propensity weighting).
    """
    seen, first = log_odds_seen(outcomes, weights), log_odds(outcomes, weights)
    left: Floats = np.exp(log_expit(seen) - log_expit(first))
    return left


def calibration_error(
    predicted: Floats, seen: Floats, weight: Floats | None = None, bins: int = BINS
) -> float:
    """Mean distance of predicted and seen shares over bins of equal numbers, weighted by their size, or else by the
    `weight` of what is in them.
    """
    counted = np.ones(len(predicted)) if weight is None else weight
    away = (predicted - seen) * counted
    parts = np.array_split(np.argsort(predicted, kind="stable"), bins)
    return sum(abs(float(away[part].sum())) for part in parts) / max(1e-9, float(counted.sum()))


def ranking(score: Floats, seen: Floats) -> float:
    """Area under the curve, ties counted half; a half when there is nothing to compare."""
    accepted, refused = score[seen > 0], score[seen <= 0]
    if not (len(accepted) and len(refused)):
        return 0.5
    below = np.searchsorted(np.sort(refused), accepted, side="left")
    up_to = np.searchsorted(np.sort(refused), accepted, side="right")
    return float((below + up_to).sum() / (2.0 * len(accepted) * len(refused)))


def surely_less(new: Floats, old: Floats, seed: int) -> bool:
    """Whether the mean of `new` is below that of `old` with the whole 95 % bootstrap interval of the difference."""
    difference = new - old
    drawn = np.random.default_rng(seed).choice(difference, (_RESAMPLES, len(difference))).mean(axis=1)
    return bool(np.percentile(drawn, 97.5) < 0.0)
