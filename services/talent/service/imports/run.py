"""Reading a file, judging every row, and writing the good ones: chunk by chunk, in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from types import TracebackType
from typing import Any, Self

from sqlalchemy.orm import Session

from bole.common.v1.workbook_import_pb2 import ImportReport
from services.catalogue import Catalogue
from services.chassis.bulk import expect_many
from services.chassis.importing import Tally, Upload
from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.outcomes import Outcome, Outcomes
from services.kernel.errors import BoleError, InvalidArgument
from services.talent.domain.statement import IMPORT
from services.talent.service.counting import Counter
from services.talent.service.imports.doubles import Doubles
from services.talent.service.imports.evidence import EvidenceRows
from services.talent.service.imports.facts import headers_of
from services.talent.service.imports.flows import MoveRows, TrainingRows
from services.talent.service.imports.fresh import SHEET
from services.talent.service.imports.outcomes import OutcomeRows
from services.talent.service.imports.people_sheet import PeopleSheet
from services.talent.service.imports.positions import PositionRows
from services.talent.service.imports.sheet import Judged, Rows, Run
from services.talent.service.imports.teams import TeamRows
from services.talent.service.people import People
from services.talent.service.positions import Positions
from services.workbook.duplicates import Duplicates, SeenRows
from services.workbook.reading import open_workbook
from services.workbook.rows import RowReader
from services.workbook.sheets import SHEETS
from services.workbook.tables import Row, TableStream

CHUNK = 1_000
BESIDE = 4
"""The chunk with which a process is started that writes up people beside the one that writes them."""
_OTHERS: Mapping[str, Callable[[Run], Rows]] = {
    "teams": TeamRows,
    "positions": PositionRows,
    "outcomes": OutcomeRows,
    "training": TrainingRows,
    "moves": MoveRows,
    "evidence": EvidenceRows,
}
IN_ORDER = (SHEET, *_OTHERS)
Heard = Callable[[int], None]


@dataclass(frozen=True)
class TalentImport:
    """The import use case."""

    catalogue: Catalogue
    people: People
    positions: Positions
    digest_key: bytes
    counter: Counter
    beside: int = BESIDE

    def run(self, run: Run, upload: Upload, outcomes: Outcomes, heard: Heard) -> ImportReport:
        """Write what the mode allows within the transaction of `run`; outcomes of rows go to `outcomes`.

        `heard(rows)` is told how many rows have been read, chunk by chunk. Raises InvalidArgument for a file that
        is no workbook or has none of the sheets, and NothingWritten, which carries the report, when nothing may be
        written.
        """
        header = upload.header
        book = open_workbook(
            upload.file, filename=header.filename, sheet=header.sheet or None, encoding=header.encoding
        )
        if not set(IN_ORDER) & set(book.tables):
            raise InvalidArgument.field(
                "file",
                "SHEET_MISSING",
                "文件中没有人才、团队、岗位、岗位结果、培养名额、人才流动或佐证表，请使用模板",
                "the file has no sheet of persons, teams, positions, outcomes, training places, moves or "
                "evidence; use the template",
            )
        expect_many(run.session)
        self.counter.bulk(run.session)  # before anything is written that counts
        tally = Tally()
        for key in IN_ORDER:
            if key in book.tables:
                tally.read(key)
                with self._sheet(run, book.tables[key], tally) as sheet:
                    _read(book.tables[key], sheet, partial(self._done, run, tally, outcomes, key, heard))
        return tally.settle(upload, book)

    def begin(
        self,
        session: Session,
        batch: str,
        actor: str,
        cities: frozenset[str] | None,
        doubles: Doubles | None = None,
        source: str = IMPORT,
    ) -> Run:
        """An import by `actor` for these `cities` (None: all); `doubles` tells whom new people resemble, `source` which
        list they come from.
        """
        return Run(
            session, self.people, self.positions, self.digest_key, batch, actor, cities, doubles, source
        )

    def _sheet(self, run: Run, table: TableStream, tally: Tally) -> "PeopleSheet | _Sheet":
        key = table.sheet
        if key == SHEET:
            return PeopleSheet(run, self.catalogue, table.columns, tally, beside=self.beside)
        return _Sheet(key, RowReader(SHEETS[key], self.catalogue), _OTHERS[key](run), tally)

    def _done(
        self, run: Run, tally: Tally, outcomes: Outcomes, key: str, heard: Heard, chunk: list[Outcome]
    ) -> None:
        outcomes.add(key, chunk)
        self.counter.fold(run.session)
        run.session.expunge_all()
        heard(tally.rows)


def _read(table: TableStream, sheet: "PeopleSheet | _Sheet", done: Callable[[list[Outcome]], None]) -> None:
    """Take the rows of a sheet chunk by chunk, each while the next one has been looked at."""
    ahead: Any = None
    while chunk := list(islice(table.rows, CHUNK)):
        looked = sheet.look(chunk)
        if ahead is not None:
            done(sheet.take(ahead))
        ahead = looked
    if ahead is not None:
        done(sheet.take(ahead))


class _Sheet:
    """A sheet of anything but people."""

    def __init__(self, name: str, reader: RowReader, rows: Rows, tally: Tally) -> None:
        self._name, self._reader, self._rows, self._tally = name, reader, rows, tally
        self._seen = SeenRows(SHEETS[name])
        self._headers = headers_of(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held."""

    def look(self, chunk: list[Row]) -> tuple[list[Row], Duplicates]:
        """The chunk, with the rows in it that repeat others."""
        return chunk, self._seen.compare(chunk)

    def take(self, looked: tuple[list[Row], Duplicates]) -> list[Outcome]:
        """Judge and write one chunk; what became of the rows that are not the same as before."""
        chunk, repeated = looked
        self._rows.begin([ref for row in chunk if (ref := row.cells.get("ref", ""))])
        judged: list[Judged] = []
        refused: list[Outcome] = []
        for row in chunk:
            if row.number in repeated.same:
                self._tally.same(self._name)
                continue
            try:
                values = self._reader.read(row)
                if row.number in repeated.conflicting:
                    raise InvalidArgument.of(repeated.conflicting[row.number])
                judged.append(self._rows.judge(row.number, values))
            except BoleError as error:
                refused.append(self._refuse(row.number, error))
        self._count(judged)
        return [*self._rows.write(judged), *refused]

    def _refuse(self, row: int, error: BoleError) -> Outcome:
        named = error.renamed(self._headers)
        self._tally.refused(self._name, row, named)
        return Outcome.refused(row, named)

    def _count(self, judged: list[Judged]) -> None:
        for each in judged:
            if each.kind is RowOutcome.NEW:
                self._tally.created(self._name)
            elif each.kind is RowOutcome.CHANGED:
                self._tally.changed(self._name)
            else:
                self._tally.same(self._name)
