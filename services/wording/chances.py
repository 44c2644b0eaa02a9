"""How a probability is written: never as the certainty that no estimate has; and a share: never as none or as all."""

from dataclasses import dataclass

_LEAST, _MOST = 0.005, 0.995
_DOUBT = 1e-6
"""Of an estimate that arithmetic rounds to a certainty, so much is left."""


def chance(probability: float, *, calibrated: bool = True) -> str:
    """A probability (0 to 1) in two digits; with an asterisk while it is not calibrated on outcomes."""
    digits = "<0.01" if probability < _LEAST else ">0.99" if probability >= _MOST else f"{probability:.2f}"
    return digits if calibrated else f"{digits}*"


def in_hundredths(probability: float) -> str:
    """A probability (0 to 1) in per cent."""
    return "<1%" if probability < _LEAST else ">99%" if probability >= _MOST else f"{probability:.0%}"


def share_in_hundredths(part: float, digits: int = 0) -> str:
    """A share (1 is all of it) in per cent: `0%` is said of nothing alone, and `100%` of all of it alone."""
    least, whole = 10.0**-digits, 100.0
    rounded = round(part * whole, digits) + 0.0
    if part > 0 and rounded == 0:
        return f"<{least:.{digits}f}%"
    if part < 1 and rounded == whole:
        return f">{whole - least:.{digits}f}%"
    return f"{rounded:,.{digits}f}%"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a text writes them. `plain`: only rounded, so that little is written as none and nearly all as all."""

    plain: bool = False

    def chance(self, probability: float) -> str:
        """A probability in per cent."""
        return f"{probability:.0%}" if self.plain else in_hundredths(probability)

    def share(self, part: float) -> str:
        """A share in per cent."""
        return f"{part:.0%}" if self.plain else share_in_hundredths(part)

    def estimate(self, probability: float) -> float:
        """A probability for a column of shares, where `0%` and `100%` are said of what is exactly so."""
        return probability if self.plain else min(max(probability, _DOUBT), 1 - _DOUBT)


CAREFUL = Manner()
