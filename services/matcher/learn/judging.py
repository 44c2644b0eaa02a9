"""How good weights are on outcomes that they have not seen."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from services.matcher.learn.outcomes import Floats, Outcomes, log_odds

BINS = 10
_RESAMPLES = 1_000


@dataclass(frozen=True, slots=True)
class Quality:
    """`log_loss` in nats per pair; `calibration_error`: how far predicted and seen shares differ, over ten equal bins.

    `ranking`: the chance that an accepted pair stands above a refused one.
    """

    log_loss: float
    calibration_error: float
    ranking: float


def losses(outcomes: Outcomes, constant: float, factors: tuple[float, ...], place: float = 0.0) -> Floats:
    """Log loss of every row, at the place where it stood."""
    score = log_odds(outcomes, constant, factors) + place * np.log(np.maximum(outcomes.rank, 1.0))
    loss: Floats = np.logaddexp(0.0, score) - outcomes.accepted * score
    return loss


def judge(outcomes: Outcomes, constant: float, factors: tuple[float, ...], place: float = 0.0) -> Quality:
    """The three figures of some weights."""
    score = log_odds(outcomes, constant, factors) + place * np.log(np.maximum(outcomes.rank, 1.0))
    return Quality(
        float(losses(outcomes, constant, factors, place).mean()),
        calibration_error(expit(score), outcomes.accepted),
        ranking(score, outcomes.accepted),
    )


def calibration_error(predicted: Floats, seen: Floats, bins: int = BINS) -> float:
    """Mean distance of predicted and seen shares over bins of equal numbers, weighted by their size."""
    order = np.argsort(predicted, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [abs(float(predicted[part].mean() - seen[part].mean())) * len(part) for part in parts]
    return sum(gaps) / max(1, len(predicted))


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
