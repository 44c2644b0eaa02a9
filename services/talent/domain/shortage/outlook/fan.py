"""A count to come as a negative binomial: its quantiles, and the chance that it is met."""

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, gammaln, nbdtrik, xlog1py, xlogy

from services.talent.domain.shortage.indices.estimate import Floats

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
        guess = np.maximum(0.0, np.ceil(nbdtrik(level, *self._shape)))
        lower = np.maximum(0.0, guess - 1)
        return np.asarray(np.where(self.at_most(lower) >= level, lower, guess))

    def at_most(self, value: Floats | float) -> Floats:
        """P(count ≤ value)."""
        shape, chance = self._shape
        whole = np.floor(np.asarray(value, float) + _TINY)
        return np.asarray(np.where(whole < 0, 0.0, betainc(shape, np.maximum(whole, 0.0) + 1, chance)))

    def log_probability(self, count: Floats | float) -> Floats:
        """Log-probability of a count, rounded to a whole number."""
        shape, chance = self._shape
        whole = np.rint(count)
        ways = gammaln(whole + shape) - gammaln(whole + 1) - gammaln(shape)
        return np.asarray(ways + xlogy(shape, chance) + xlog1py(whole, -chance))

    def plus(self, mean: Floats | float, variance: Floats | float) -> "Fan":
        """With something independent added that has this mean and variance; matched in both moments."""
        return Fan(self.mean + mean, self.variance + variance)

    def at(self, step: int) -> "Fan":
        """One of its counts alone."""
        return Fan(np.asarray(self.mean[step]), np.asarray(self.variance[step]))
