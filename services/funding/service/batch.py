"""One import under way: what the rows of its sheets are judged and written with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.importing import Upload
from services.chassis.journal import Change, Journal
from services.chassis.policy import require_granted
from services.kernel.clock import Clock
from services.kernel.ids import Ids

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Batch:
    """One import. `cities`: those that the importer may write for; None means the whole province."""

    catalogue: Catalogue
    journal: Journal
    clock: Clock
    ids: Ids
    session: Session
    upload: Upload
    actor: str
    cities: frozenset[str] | None

    def require_city(self, city: str) -> None:
        """Raise PermissionDenied for a city, or (empty) the province, outside the grant."""
        require_granted(self.cities, city, "city")

    def record(self, changes: Sequence[Change]) -> None:
        """Tell of what changed."""
        self.journal.record(self.session, changes)


class Rows(Protocol):
    """The rows of one sheet: judged one by one, written together."""

    def judge(self, values: Values) -> str:
        """`created`, `changed` or `same`. Raises BoleError for a row that is refused."""
        ...

    def write(self) -> None:
        """Keep what is new or changed, and tell of it."""
        ...
