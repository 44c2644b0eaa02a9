"""Who is in a team, and whom it wants."""

from dataclasses import dataclass
from datetime import date

from services.catalogue import staffing
from services.catalogue.staffing import Needs
from services.catalogue.succession import Shares


@dataclass(frozen=True, slots=True)
class Part:
    """A person's part in a team. `share`: thousandths of working time, None if it is not known; from the first day to
    the last, both included. `leaves`: what the person declares, in thousandths by direction.
    """

    person: str
    share: int | None = None
    since: date | None = None
    until: date | None = None
    leaves: Shares = ()


@dataclass(frozen=True, slots=True)
class Staff:
    """`parts`: who is in the team or will be. `lacking`: thousandths of heads by direction, where the team is seen by
    what it lacks on some day; None where it is seen by the directions it works in.
    """

    needs: Needs = ()
    parts: tuple[Part, ...] = ()
    lacking: Shares | None = None

    def on(self, day: date) -> "Staff":
        """What is lacking on a day, without those who have left by then."""
        there = tuple(part for part in self.parts if part.until is None or day <= part.until)
        serving = [part for part in there if staffing.serves(part.since, part.until, day)]
        found = staffing.gaps(self.needs, [(part.share, part.leaves) for part in serving])
        return Staff(self.needs, there, tuple((gap.leaf, gap.lacking) for gap in found if gap.lacking))
