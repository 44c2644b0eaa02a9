"""One import under way: what the rows of its sheets are judged and written with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.importing import Upload
from services.chassis.journal import Change, Journal
from services.kernel.clock import Clock
from services.kernel.errors import PermissionDenied, Violation
from services.kernel.ids import Ids
from services.kernel.text import Text

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
        """Raise PermissionDenied (CITY_NOT_GRANTED) for a city, or (empty) the province, outside the grant."""
        if self.cities is not None and city not in self.cities:
            text = Text(
                "该记录不在当前账号的授权城市范围内",
                "the record is outside the cities granted to this account",
            )
            violation = Violation("city", "CITY_NOT_GRANTED", text)
            raise PermissionDenied(text, reason="CITY_NOT_GRANTED", violations=[violation])

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
