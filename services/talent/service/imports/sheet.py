"""What the three sheets have in common: rows judged in chunks, and written together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.outcomes import Outcome
from services.chassis.policy import require_granted
from services.talent.domain.statement import IMPORT
from services.talent.service.imports.doubles import Doubles
from services.talent.service.imports.facts import Values
from services.talent.service.people import People
from services.talent.service.positions import Positions


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


@dataclass(slots=True)
class Judged:
    """A good row: its number, what it amounts to (None: known already), and what is to be written of it."""

    row: int
    kind: RowOutcome | None
    subject: Any = None
    before: Mapping[str, Any] | None = None


class Rows(Protocol):
    """The rows of one sheet, chunk by chunk: `begin`, `judge` each, then `write`."""

    def begin(self, refs: Sequence[str]) -> None:
        """Look up what is known under these source numbers."""
        ...

    def judge(self, row: int, values: Values) -> Judged:
        """What a row amounts to. Raises BoleError for a row that is refused."""
        ...

    def write(self, judged: Sequence[Judged]) -> list[Outcome]:
        """Keep what is new or changed, and tell of it; the outcome of each row that is."""
        ...
