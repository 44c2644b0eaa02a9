"""What became of a cell since the period before: how much of it is revision, how much is real.

As printed then → by what is known now of that time: revision. From there to now: change.
"""

from dataclasses import dataclass

from services.talent.domain.release.content import Row
from services.talent.domain.report.printed import belief_of
from services.talent.domain.shortage.reasons.comparison import Direction, change


@dataclass(frozen=True, slots=True)
class Move:
    """Indices as printed then (None if none was), by today's knowledge of then, and now; `rising` is P(tighter now)."""

    row: Row
    printed: float | None
    revised: float
    now: float
    rising: float
    direction: Direction
    stars_before: int

    @property
    def revision(self) -> float | None:
        """What later knowledge changed; None where nothing was printed then."""
        return None if self.printed is None else self.revised - self.printed

    @property
    def change(self) -> float:
        """What really changed."""
        return self.now - self.revised

    @property
    def total(self) -> float | None:
        """What a reader of both reports sees."""
        return None if self.printed is None else self.now - self.printed


def move(printed: Row | None, revised: Row | None, now: Row | None, sure: float) -> Move | None:
    """None where either time has no index that is shown."""
    found = change(belief_of(now), belief_of(revised), sure)
    if found is None or now is None or revised is None or now.index is None or revised.index is None:
        return None
    return Move(
        now,
        None if printed is None else printed.index,
        revised.index,
        now.index,
        found.rising,
        found.direction,
        revised.stars,
    )
