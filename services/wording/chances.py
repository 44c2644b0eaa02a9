"""How a probability is written: never as the certainty that no estimate has."""

_LEAST, _MOST = 0.005, 0.995


def chance(probability: float, *, calibrated: bool = True) -> str:
    """A probability (0 to 1) in two digits; with an asterisk while it is not calibrated on outcomes."""
    digits = "<0.01" if probability < _LEAST else ">0.99" if probability >= _MOST else f"{probability:.2f}"
    return digits if calibrated else f"{digits}*"


def in_hundredths(probability: float) -> str:
    """A probability (0 to 1) in per cent."""
    return "<1%" if probability < _LEAST else ">99%" if probability >= _MOST else f"{probability:.0%}"
