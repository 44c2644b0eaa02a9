"""One import under way: what the rows of its sheets are judged and written with."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.chassis.policy import require_granted
from services.kernel.errors import InvalidArgument
from services.talent.domain.people.statement import IMPORT
from services.talent.service.imports.doubles import Doubles
from services.talent.service.people.people import People
from services.talent.service.positions.positions import Positions
from services.talent.store.people.known import known_by_refs


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

    def person_of(self, ref: str | None) -> str | None:
        """The id of the person shown for a source number, merged ones included; None where a row gives no number.

        Raises InvalidArgument (UNKNOWN_PERSON).
        """
        if not ref:
            return None
        if (known := known_by_refs(self.session, [ref]).get(ref)) is None:
            raise InvalidArgument.field(
                "人才编号",
                "UNKNOWN_PERSON",
                f"人才库中没有编号 {ref}，请先导入该人才或更正编号",
                f"nobody in the library has the number {ref}; import them first",
            )
        return known.person_id
