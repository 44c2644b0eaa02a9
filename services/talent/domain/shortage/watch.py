"""A watch on a cell: it is told once when the cell reaches a star with enough certainty, not at every wavering."""

from dataclasses import dataclass
from datetime import datetime

from services.kernel.errors import InvalidArgument
from services.talent.domain.shortage.table import Address, ShortageTable

DEFAULT_PERCENT = 80
LEAST_PERCENT, MOST_PERCENT = 50, 99
# A reached watch is left only when the probability has fallen this far below what it waits for.
MARGIN_PERCENT = 10
MOST_WATCHES = 200


@dataclass(eq=False)
class Watch:
    """`fresh`: never yet looked at. `percent`: the probability with which `stars` must be reached. `reached_at` and
    `left_at`: when it was last reached, and left again.
    """

    id: str
    owner: str
    node: str
    city: str
    category: str
    stars: int
    percent: int
    fresh: bool
    reached: bool
    reached_at: datetime | None
    left_at: datetime | None
    version: int
    created_at: datetime

    @classmethod
    def made(cls, id_: str, owner: str, address: Address, stars: int, percent: int, now: datetime) -> "Watch":
        """A new watch; 0 per cent means 80. Raises InvalidArgument."""
        wanted = percent or DEFAULT_PERCENT
        if not LEAST_PERCENT <= wanted <= MOST_PERCENT:
            raise InvalidArgument.field(
                "watch.percent",
                "PERCENT_OUT_OF_RANGE",
                f"把握程度应在 {LEAST_PERCENT} 至 {MOST_PERCENT} 之间（百分数），不填为 {DEFAULT_PERCENT}",
                f"the certainty must lie between {LEAST_PERCENT} and {MOST_PERCENT} per cent; "
                f"{DEFAULT_PERCENT} if left out",
            )
        place = (address.node, address.city, address.category)
        return cls(id_, owner, *place, stars, wanted, True, False, None, None, 0, now)

    @property
    def address(self) -> Address:
        """The cell."""
        return Address(self.node, self.city, self.category)

    def look(self, table: ShortageTable, now: datetime) -> bool:
        """Look at the cell; tells whether there is something to tell. A cell without a shown index tells nothing."""
        first, self.fresh = self.fresh, False
        chance = _chance(table, self.address, self.stars)
        if chance is None:
            return first
        limit = self.percent - (MARGIN_PERCENT if self.reached else 0)
        reached = 100 * chance >= limit
        if reached == self.reached:
            return first
        self.reached = reached
        if reached:
            self.reached_at = now
        else:
            self.left_at = now
        return True


def _chance(table: ShortageTable, address: Address, stars: int) -> float | None:
    """P(the cell has so many stars or more); None where its index is not shown."""
    axes = table.cube.axes
    if address.node not in axes.node_at:
        return None
    at = table.at(address)
    if table.is_hidden(at) or table.cube.demand[at] <= 0 or not table.indices.known[at]:
        return None
    return table.indices.reaches(table.method.star_floors[stars - 1], at)
