"""How good the statistics of the shortage map are, on simulated cells whose truth is known.

Cells are as small and demand as clumped as a province's leaves: 13 cities by 6 categories, a median of six
positions and people, employers who open several positions at once. Peers are what one would do by hand.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from bench.harness import Row, Run
from services.talent.domain.shortage.indices import estimate
from services.talent.domain.shortage.indices.index import Z90
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.outlook.fan import Fan
from services.talent.domain.shortage.outlook.steady import Steady
from services.talent.domain.shortage.outlook.stock import Habit, choose_habit, expected, spread

NAMES = ("quality.shortage.",)
ROUNDS = 300
CELLS = 78
CITIES = 13
POSITIONS = 2000
SERIES = 600
_QUARTERS, _BURN = 16, 8
Floats = NDArray[np.float64]
Chance = np.random.Generator


def measure(run: Run) -> Iterator[Row]:
    """Tightness, difficulty of filling, and forecasts."""
    chance = np.random.default_rng(run.seed)
    rounds = run.size(ROUNDS)
    ours, raw = _tightness(chance, rounds, CELLS)
    cells = rounds * CELLS
    by_hand = "ln((V + 0.5) / (S + 0.5))"
    yield run.row(
        "quality.shortage.tightness_error",
        ours.error,
        "rmse of ln ratio",
        n=cells,
        peer=by_hand,
        peer_value=raw.error,
        bar=1.5,
    )
    yield run.row(
        "quality.shortage.tightness_coverage",
        ours.coverage,
        "share in the 90 % interval",
        n=cells,
        peer=by_hand,
        peer_value=raw.coverage,
        lower_is_better=False,
    )
    error, naive = _difficulty(chance, run.size(POSITIONS))
    yield run.row(
        "quality.shortage.difficulty_error",
        error,
        "rmse of P(open after 90 days)",
        n=run.size(POSITIONS),
        peer="share of positions not filled",
        peer_value=naive,
        bar=1.5,
    )
    found, last = _forecasts(chance, run.size(SERIES))
    yield run.row(
        "quality.shortage.forecast_error",
        found.error,
        "mean absolute error, heads",
        n=run.size(SERIES),
        peer="last quarter again",
        peer_value=last,
        bar=1.1,
    )
    yield run.row(
        "quality.shortage.forecast_coverage",
        found.coverage,
        "share in the 90 % interval",
        n=run.size(SERIES),
        lower_is_better=False,
    )
    few, raw = _tightness(chance, rounds, CITIES)
    yield run.row(
        "quality.shortage.cities_error",
        few.error,
        "rmse of ln ratio, 13 siblings",
        n=rounds * CITIES,
        peer=by_hand,
        peer_value=raw.error,
    )
    yield run.row(
        "quality.shortage.cities_coverage",
        few.coverage,
        "share in the 90 % interval, 13 siblings",
        n=rounds * CITIES,
        peer=by_hand,
        peer_value=raw.coverage,
        lower_is_better=False,
    )


class Quality(NamedTuple):
    """An error, and the share of truths within the interval."""

    error: float
    coverage: float


def _tightness(chance: Chance, rounds: int, cells: int) -> tuple[Quality, Quality]:
    """Ours and the raw ratio, over all with anything in them of so many cells that lean on one another."""
    errors: dict[str, list[Floats]] = {"ours": [], "raw": []}
    inside: dict[str, list[NDArray[np.bool_]]] = {"ours": [], "raw": []}
    for _ in range(rounds):
        truth, demand, supply, squared = _cells(chance, cells)
        kish = estimate.kish_share(demand, squared)
        weight = estimate.evidence_share(demand, supply, kish)
        prior = float((demand.sum() + 0.5) / (demand.sum() + supply.sum() + 1))
        kappa = estimate.fit_kappa(demand, supply, prior, weight)
        found = {
            "ours": estimate.tightness(demand, supply, np.asarray(prior), np.asarray(kappa), weight),
            "raw": estimate.beta_log_odds(demand + 0.5, supply + 0.5),
        }
        some = demand + supply > 0
        for name, (mean, sd) in found.items():
            errors[name].append((mean - truth)[some])
            inside[name].append((np.abs(mean - truth) <= Z90 * sd)[some])
    ours, raw = (
        Quality(
            float(np.sqrt(np.mean(np.concatenate(errors[name]) ** 2))),
            float(np.mean(np.concatenate(inside[name]))),
        )
        for name in ("ours", "raw")
    )
    return ours, raw


def _cells(chance: Chance, count: int) -> tuple[Floats, Floats, Floats, Floats]:
    """True log ratios, and the demand, supply and squared heads that are seen of them."""
    truth = chance.normal(chance.normal(0.2, 0.3), 0.7, count)
    size = chance.lognormal(np.log(6), 1.0, count)
    demand, squared = np.zeros(count), np.zeros(count)
    for at, wanted in enumerate(size * expit(truth)):
        heads = chance.geometric(0.5, chance.poisson(wanted / 2))
        demand[at], squared[at] = heads.sum(), (heads**2).sum()
    return truth, demand, chance.poisson(size * expit(-truth)).astype(float), squared


def _difficulty(chance: Chance, count: int) -> tuple[float, float]:
    """Errors of the hazard and of the plain share, from one to eight positions, some of them still open."""
    method, ours, naive = Method(), [], []
    for _ in range(count):
        hazard = float(np.exp(chance.normal(np.log(1 / 75), 0.5)))
        open_days = chance.exponential(1 / hazard, chance.integers(1, 9))
        seen = chance.uniform(0, 180, len(open_days))
        fills, exposure = float((open_days <= seen).sum()), float(np.minimum(open_days, seen).sum())
        truth = float(np.exp(-method.difficulty_days * hazard))
        still = estimate.still_open(
            float(method.difficulty_days),
            np.asarray(method.prior_fills + fills),
            np.asarray(method.prior_days + exposure),
        )
        ours.append(float(still) - truth)
        naive.append(1 - fills / len(open_days) - truth)
    return _rmse(ours), _rmse(naive)


def _rmse(errors: list[float]) -> float:
    return float(np.sqrt(np.mean(np.square(errors))))


def _forecasts(chance: Chance, count: int) -> tuple[Quality, float]:
    """One quarter ahead, of small counts whose rate drifts by 12 % a quarter."""
    method = Method()
    usual = Habit(method.discount, method.persistence, method.shock)
    habits = [Habit(*each) for each in product(method.discounts, method.persistences, method.shocks)]
    start = method.forecast_start
    rate = np.exp(chance.normal(0.6, 0.8, count))
    series = []
    for _ in range(_QUARTERS):
        rate = rate * np.exp(chance.normal(0, 0.12, count))
        series.append(chance.poisson(rate).astype(float))
    counts = np.asarray(series)
    errors, inside, last = [], [], []
    for at in range(_BURN, _QUARTERS):
        habit = choose_habit(counts[:at], habits, start, method.forecast_least, usual)
        belief = Steady.follow(counts[:at], habit.discount, start)
        mean = expected(belief.level, counts[at - 1], habit.persistence, 1)
        fan = Fan(mean, spread(mean, belief.rate, habit, 1))
        errors.append(np.abs(fan.mean - counts[at]))
        inside.append((fan.quantile(0.05) <= counts[at]) & (counts[at] <= fan.quantile(0.95)))
        last.append(np.abs(counts[at - 1] - counts[at]))
    return Quality(float(np.mean(errors)), float(np.mean(inside))), float(np.mean(last))
