"""The four scores and their weighted geometric mean, in which no nought can be bought off."""

import math
from dataclasses import dataclass

from services.funding.domain.fund.mandate import Weights
from services.funding.domain.scores.early import early_score
from services.funding.domain.scores.hard import hard_score
from services.funding.domain.scores.long import long_score
from services.funding.domain.scores.score import Band, Score, band_of
from services.funding.domain.scores.small import small_score
from services.funding.domain.screening.case import Case


@dataclass(frozen=True)
class Scores:
    """The four scores of a case; `composite` for ranking, shown beside them and never instead of them."""

    early: Score
    small: Score
    long: Score
    hard: Score
    composite: float | None
    coverage: float

    @property
    def band(self) -> Band:
        """The band of the composite."""
        return band_of(self.composite, self.coverage)


def score_case(case: Case) -> Scores:
    """All scores of a case, by the weights of its mandate."""
    four = (early_score(case), small_score(case), long_score(case), hard_score(case))
    return Scores(*four, *combine(four, case.mandate.weights))


def combine(four: tuple[Score, Score, Score, Score], weights: Weights) -> tuple[float | None, float]:
    """exp(Σ w·ln score / Σ w) over the known scores with weight, and the weighted mean of all coverages."""
    weighted = list(zip(four, (weights.early, weights.small, weights.long, weights.hard), strict=True))
    coverage = sum(w * score.coverage for score, w in weighted) / sum(w for _, w in weighted)
    known = [(score.value, w) for score, w in weighted if score.value is not None and w > 0]
    if not known:
        return None, coverage
    if any(value == 0 for value, _ in known):
        return 0.0, coverage
    total = sum(w for _, w in known)
    mean = math.exp(sum(w * math.log(value) for value, w in known) / total)
    return min(100.0, mean), coverage
