"""What the shortage map and the policy say of candidates' places."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bole.matcher.v1 import match_pb2
from services.catalogue import Catalogue
from services.chassis.house import House
from services.chassis.rpc.wire import date_to_wire
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.priority import CellStanding, cell_of_item, policy_priority
from services.matcher.store import shortages


@dataclass(frozen=True)
class Priorities:
    """Reads them."""

    house: House
    catalogue: Catalogue

    def of(self, items: Sequence[Item]) -> list[match_pb2.Priority | None]:
        """One for each; None for an item without a direction."""
        with self.house.database.read() as session:
            return self.within(session, items)

    def within(self, session: Session, items: Sequence[Item]) -> list[match_pb2.Priority | None]:
        """The same, in a transaction that the caller has begun."""
        cells = [cell_of_item(item) for item in items]
        known = shortages.standings(session, [cell for cell in cells if cell is not None])
        return [
            None if cell is None else self._one(item, cell, known.get(cell))
            for item, cell in zip(items, cells, strict=True)
        ]

    def _one(self, item: Item, cell: str, standing: CellStanding | None) -> match_pb2.Priority:
        policy = policy_priority(item, self.catalogue)
        return match_pb2.Priority(
            cell=f"{ItemKind.CELL.collection}/{cell}",
            stars=standing.stars if standing else 0,
            hidden=standing.hidden if standing else False,
            as_of_date=date_to_wire(standing.as_of) if standing else None,
            tier_code=policy.tier if policy else "",
            city_named=policy.city_named if policy else False,
        )
