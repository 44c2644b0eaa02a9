"""One import under way: what the rows of its sheets are judged and written with."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.imports.importing import Upload
from services.chassis.imports.sheets import Values
from services.chassis.outbox.journal import Change, Journal
from services.chassis.policy import require_granted
from services.funding.service.funds.caps import Caps
from services.kernel.clock import Clock
from services.kernel.errors import InvalidArgument
from services.kernel.ids import Ids


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
    id: str

    @property
    def source(self) -> str:
        """Where what it brings comes from."""
        return f"imports/{self.id}"

    @property
    def caps(self) -> Caps:
        """The check of amounts."""
        return Caps(self.clock, self.ids)

    def require_city(self, city: str) -> None:
        """Raise PermissionDenied for a city, or (empty) the province, outside the grant."""
        require_granted(self.cities, city, "city")

    def require_amounts(self, subject: str, values: Values, columns: Sequence[str]) -> None:
        """Raise FailedPrecondition (AMOUNT_OVER_CAP) for amounts that look like a wrong unit."""
        self.caps.require(self.session, self.actor, subject, {key: values[key] for key in columns})

    def record(self, changes: Sequence[Change]) -> None:
        """Tell of what changed."""
        self.journal.record(self.session, changes)


def differs(headers: Sequence[str], zh: str, en: str, name: str) -> InvalidArgument:
    """The refusal of a row whose record stands with other facts; it names every column that differs."""
    columns = "、".join(headers)
    return InvalidArgument.field(
        headers[0],
        "RECORD_DIFFERS",
        f"该{zh}（{name}）已登记，以下列与登记内容不同：{columns}；这些内容不由导入改动，请更正表格，或新建记录",
        f"this {en} ({name}) is on record with other values in {columns}; an import does not change "
        "these: correct the sheet, or create a new record",
    )
