"""Keys by which candidates stand in an order."""

Key = tuple[float | str, ...]
"""Keys of one order compare as its candidates stand; no two candidates have the same."""


def score_key(log_odds: float, id_: str) -> Key:
    """Best score first, ties by id."""
    return (-log_odds, id_)
