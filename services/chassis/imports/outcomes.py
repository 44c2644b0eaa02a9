"""What became of the rows of an import, kept aside until it is known whether anything is written."""

import hashlib
import json
import marshal
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.importing import violations_of
from services.chassis.rpc.spool import spooling
from services.chassis.storage.bulk import add_rows
from services.chassis.storage.columns import canonical_json
from services.kernel.errors import BoleError

_IN_MEMORY = 4 * 1024 * 1024
_COLUMNS = ("sheet", "row", "outcome", "resource_id", "version", "detail")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row of the file. `detail` is what the report says of it, sealed where it tells of a person."""

    row: int
    kind: RowOutcome
    id: str | None = None
    version: int | None = None
    detail: bytes | None = None

    @classmethod
    def refused(cls, row: int, error: BoleError) -> "Outcome":
        """A row that breaks rules."""
        problems = [[v.field, v.reason, v.text.zh, v.text.en] for v in violations_of(error)]
        return cls(row, RowOutcome.REFUSED, detail=canonical_json({"problems": problems}).encode())


def said_of(detail: bytes | None) -> dict[str, Any]:
    """What an open detail says."""
    return dict(json.loads(detail)) if detail else {}


class Outcomes:
    """Outcomes in the order of the file, on disk once they are many; memory does not grow with the file."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (__exit__ closes it)
        self._hash = hashlib.sha256()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, sheet: str, outcomes: Iterable[Outcome]) -> None:
        """Keep what became of some rows. Raises Unavailable when the disk is full."""
        rows = [(sheet, each.row, each.kind.name, each.id, each.version, each.detail) for each in outcomes]
        for row in rows:
            self._hash.update(repr(row).encode())
        with spooling():
            self._file.write(marshal.dumps(rows))

    @property
    def digest(self) -> str:
        """SHA-256 over all rows, in hex: written into the audit, it proves what the import did row by row."""
        return self._hash.hexdigest()

    def save(self, session: Session, table: Table, batch_id: str, *, written: bool) -> None:
        """Write them as rows of the batch. Of an import that wrote nothing, new records have no name."""
        rows = ((batch_id, *(each if written else _unwritten(each))) for each in self)
        add_rows(session, table, ("batch_id", *_COLUMNS), rows)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return chain.from_iterable(self._chunks())

    def _chunks(self) -> Iterator[Sequence[tuple[Any, ...]]]:
        end = self._file.tell()
        self._file.seek(0)
        while self._file.tell() < end:
            # Only what `add` has written to this nameless file is read back.
            yield marshal.load(cast(BinaryIO, self._file))  # noqa: S302


def _unwritten(row: tuple[Any, ...]) -> tuple[Any, ...]:
    sheet, number, outcome, id_, _, detail = row
    return sheet, number, outcome, None if outcome == RowOutcome.NEW.name else id_, None, detail
