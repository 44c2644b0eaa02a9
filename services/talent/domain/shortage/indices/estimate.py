"""Closed forms of the shortage index: no sampling, the same answer every time.

Tokens of a cell are open positions and available people. Their share of positions has a beta posterior whose
log-odds have mean ψ(a) − ψ(b) and variance ψ₁(a) + ψ₁(b); the hazard of filling a position has a gamma posterior,
so that P(still open after t days) is its Laplace transform (b / (b + t))^a. All functions take arrays.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import betaln, digamma, logit, polygamma

Floats = NDArray[np.float64]

FALLBACK_KAPPA = 8.0
LEAST_SIBLINGS = 8
KAPPA_BOUNDS = (0.5, 200.0)


def or_zero(values: Floats) -> Floats:
    """The values, with 0 for NaN."""
    return np.where(np.isnan(values), 0.0, values)


def kish_share(open_heads: Floats, squared_heads: Floats) -> Floats:
    """Effective share of clumped demand, (Σh)² / (Σh² · Σh) over the employers' headcounts h; 1 without demand."""
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = open_heads / squared_heads
    return np.where(open_heads > 0, np.minimum(1.0, np.nan_to_num(effective, nan=1.0)), 1.0)


def evidence_share(demand: Floats, supply: Floats, kish: Floats) -> Floats:
    """How much of a cell's tokens counts as evidence.

    Keeps the ratio V:S and gives its log the variance that clumped demand and unclumped supply have together:
    (1/V' + 1/S') / (1/(φV') + 1/S'), V' = V + ½, S' = S + ½.
    """
    v, s = demand + 0.5, supply + 0.5
    return (1 / v + 1 / s) / (1 / (kish * v) + 1 / s)


def tightness(
    demand: Floats, supply: Floats, prior: Floats, kappa: Floats, evidence: Floats
) -> tuple[Floats, Floats]:
    """Mean and standard deviation of ln(v/s) when v/(v+s) ~ Beta(gV + κπ₀, gS + κ(1−π₀))."""
    return beta_log_odds(evidence * demand + kappa * prior, evidence * supply + kappa * (1 - prior))


def beta_log_odds(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of logit(p) when p ~ Beta(a, b): exact, by digamma and trigamma."""
    return digamma(a) - digamma(b), np.sqrt(polygamma(1, a) + polygamma(1, b))


def fit_kappa(demand: Floats, supply: Floats, prior: float, evidence: Floats) -> float:
    """Strength of the prior over siblings, within [0.5, 200]: the most likely one by the beta-binomial likelihood of
    their tokens and the uniform shrinkage prior with median 8, p(κ) = 8/(8 + κ)² (Christiansen and Morris 1997). The
    likelihood alone ends at its bound where few siblings differ no more than chance would have it, and a strength of
    200 outweighs whatever a cell has of its own.

    With fewer than 8 siblings that have data: 8.
    """
    if np.count_nonzero(demand) + np.count_nonzero(supply) < LEAST_SIBLINGS:
        return FALLBACK_KAPPA  # most blocks of a young library: nothing need be weighed
    v, s = evidence * demand, evidence * supply
    with_data = (v + s) > 0
    if int(with_data.sum()) < LEAST_SIBLINGS:
        return FALLBACK_KAPPA
    v, s = v[with_data], s[with_data]

    def cost(log_kappa: float) -> float:
        kappa = np.exp(log_kappa)
        a, b = kappa * prior, kappa * (1 - prior)
        believed = log_kappa - 2 * np.log(FALLBACK_KAPPA + kappa)  # of ln κ
        return float(-np.sum(betaln(a + v, b + s) - betaln(a, b)) - believed)

    low, high = np.log(KAPPA_BOUNDS[0]), np.log(KAPPA_BOUNDS[1])
    return float(np.exp(minimize_scalar(cost, bounds=(low, high), method="bounded").x))


def still_open(days: float, shape: Floats, rate: Floats) -> Floats:
    """P(a position is still open after `days`) when its hazard is Gamma(shape, rate) with rate in days."""
    return (rate / (rate + days)) ** shape


def difficulty(days: float, shape: Floats, rate: Floats, reference: float) -> tuple[Floats, Floats]:
    """Log-odds of `still_open` against the reference, and their standard deviation by the delta method."""
    open_share = np.clip(still_open(days, shape, rate), 1e-9, 1 - 1e-9)
    slope = days * (shape / rate) * open_share / (open_share * (1 - open_share))
    return logit(open_share) - logit(reference), slope / np.sqrt(shape)
