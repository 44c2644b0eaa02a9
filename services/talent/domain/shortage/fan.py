"""A count to come as a negative binomial: its quantiles, and the chance that it is met."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import nbinom

from services.talent.domain.shortage.estimate import Floats

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
_TINY = 1e-9


@dataclass(frozen=True)
class Fan:
    """A count for each of several times (or cells): negative binomial of this mean and variance (> mean)."""

    mean: Floats
    variance: Floats

    @property
    def _shape(self) -> tuple[Floats, Floats]:
        mean = np.maximum(self.mean, _TINY)
        spread = np.maximum(self.variance - mean, _TINY * mean)
        return mean**2 / spread, mean / (mean + spread)

    def quantile(self, level: float) -> Floats:
        """The smallest count that is not exceeded with probability `level`."""
        return np.asarray(nbinom.ppf(level, *self._shape))

    def at_most(self, value: Floats | float) -> Floats:
        """P(count ≤ value)."""
        return np.asarray(nbinom.cdf(np.floor(np.asarray(value, float) + _TINY), *self._shape))

    def log_probability(self, count: Floats | float) -> Floats:
        """Log-probability of a count, rounded to a whole number."""
        return np.asarray(nbinom.logpmf(np.rint(count), *self._shape))

    def plus(self, mean: Floats | float, variance: Floats | float) -> "Fan":
        """With something independent added that has this mean and variance; matched in both moments."""
        return Fan(self.mean + mean, self.variance + variance)

    def at(self, step: int) -> "Fan":
        """One of its counts alone."""
        return Fan(np.asarray(self.mean[step]), np.asarray(self.variance[step]))
