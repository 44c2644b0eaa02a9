"""What is learnt from outcomes, on simulated ones whose truth is known (`bench/quality/simulator.py`).

Calibration is that of the probability that is shown, judged on pairs that were not fitted on: by what was seen of them,
the influence of the place taken off, and by the chance that each really would have had in the first place. Peers: the
weights set by hand, and the same fit without regard to the place.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy.special import expit

from bench.harness import Row, Run
from bench.quality.simulator import World, prior_of, world
from services.matcher.domain.kinds import KINDS
from services.matcher.learn.adopting import HELD_BACK, MOST_CALIBRATION_ERROR
from services.matcher.learn.fitting import fit
from services.matcher.learn.judging import judge
from services.matcher.learn.outcomes import Weights, held_back, log_odds

NAMES = ("quality.feedback.",)
PAIRS = 20_000
_KIND = KINDS["person-position"]


def measure(run: Run) -> Iterator[Row]:
    """Calibration, log loss and ranking on held-back outcomes; how near the truth without the place's influence."""
    made = world(_KIND, run.size(PAIRS), run.seed)
    names = [f"{run.seed}.{number}" for number in range(len(made.outcomes))]
    fitting, judging = made.outcomes.split(held_back(names, HELD_BACK))
    prior = prior_of(_KIND)
    learnt = fit(fitting, prior)
    blind = fit(replace(fitting, rank=np.ones(len(fitting))), prior)
    ours = judge(judging, learnt)
    by_hand = judge(judging, prior)
    n = len(judging)
    yield run.row(
        "quality.feedback.calibration_error",
        ours.calibration_error,
        "mean |predicted - seen|",
        n=n,
        peer="the most it may be",
        peer_value=MOST_CALIBRATION_ERROR,
        bar=1.0,
        note=f"set by hand: {by_hand.calibration_error:.3f}",
    )
    yield run.row(
        "quality.feedback.log_loss",
        ours.log_loss,
        "nats",
        n=n,
        peer="set by hand",
        peer_value=by_hand.log_loss,
        bar=1.0,
    )
    yield run.row(
        "quality.feedback.ranking",
        ours.ranking,
        "AUC",
        n=n,
        peer="set by hand",
        peer_value=by_hand.ranking,
        lower_is_better=False,
        bar=1.0,
    )
    yield run.row(
        "quality.feedback.place_bias",
        _distance(made, learnt),
        "mean |predicted - true chance in the first place|",
        n=len(made.truth),
        peer="the same fit without regard to the place",
        peer_value=_distance(made, blind),
        bar=1.0,
    )


def _distance(made: World, weights: Weights) -> float:
    predicted = expit(log_odds(made.outcomes, weights))
    return float(np.abs(predicted - made.truth).mean())
