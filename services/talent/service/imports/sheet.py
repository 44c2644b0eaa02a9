"""One import under way: what the rows of its sheets are judged and written with."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.chassis.policy import require_granted
from services.talent.domain.statement import IMPORT
from services.talent.service.imports.doubles import Doubles
from services.talent.service.people.people import People
from services.talent.service.positions.positions import Positions


@dataclass(frozen=True)
class Run:
    """One import under way. `cities`: those that the importer may write for; None means the whole province.
    `doubles`: whom new people resemble, where that is asked; `source`: the list that people come from unless their row
    names one.
    """

    session: Session
    people: People
    positions: Positions
    digest_key: bytes
    batch: str
    actor: str
    cities: frozenset[str] | None
    doubles: Doubles | None = None
    source: str = IMPORT

    def require_cities(self, cities: Iterable[str]) -> None:
        """Raise PermissionDenied for a city outside the grant."""
        for city in cities:
            require_granted(self.cities, city, "city")
