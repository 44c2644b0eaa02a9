"""How a probability is written."""

_LEAST, _MOST = 0.005, 0.995


def chance(probability: float, *, calibrated: bool = True) -> str:
    """A probability (0 to 1) in two digits, and never as the certainty that no estimate has; with an asterisk while it
    is not calibrated on outcomes.
    """
    digits = "<0.01" if probability < _LEAST else ">0.99" if probability >= _MOST else f"{probability:.2f}"
    return digits if calibrated else f"{digits}*"
