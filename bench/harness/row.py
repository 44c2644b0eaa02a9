"""One line of the table: a figure of ours beside a peer's, and whether it reaches its bar."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`ratio` is written so that higher is better; `holds` is ratio ≥ bar, None where there is no bar.

    `n` is the size measured at, `seed` that of the data, `command` what repeats the row.
    """

    name: str
    value: float
    unit: str
    peer: str = ""
    peer_value: float | None = None
    ratio: float | None = None
    bar: float | None = None
    n: int
    seed: int
    command: str
    note: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the ratio reaches the bar."""
        return None if self.bar is None or self.ratio is None else self.ratio >= self.bar

    def document(self) -> dict[str, object]:
        """As JSON values, in the order of the table."""
        return {
            "name": self.name,
            "value": _short(self.value),
            "unit": self.unit,
            "peer": self.peer,
            "peer_value": _short(self.peer_value),
            "ratio": _short(self.ratio),
            "bar": self.bar,
            "holds": self.holds,
            "n": self.n,
            "seed": self.seed,
            "command": self.command,
            "note": self.note,
        }


def _short(value: float | None) -> float | None:
    """Four significant digits: no more are known."""
    return None if value is None else float(f"{value:.4g}")
