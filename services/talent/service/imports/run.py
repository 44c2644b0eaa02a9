"""Reading a file, judging every row, and writing the good ones: chunk by chunk, in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from bole.common.v1.workbook_import_pb2 import ImportReport
from services.catalogue import Catalogue
from services.chassis.imports.importing import Tally, Upload
from services.chassis.imports.outcomes import Outcome, Outcomes
from services.chassis.imports.sheets import Heard, JudgedSheet, Rows, take_all
from services.chassis.storage.bulk import expect_many
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument
from services.talent.domain.people.statement import IMPORT
from services.talent.service.imports.doubles import Doubles
from services.talent.service.imports.evidence import EvidenceRows
from services.talent.service.imports.facts import headers_of
from services.talent.service.imports.flows import MoveRows, TrainingRows
from services.talent.service.imports.fresh import SHEET
from services.talent.service.imports.outcomes import OutcomeRows
from services.talent.service.imports.people_sheet import PeopleSheet
from services.talent.service.imports.positions import PositionRows
from services.talent.service.imports.sheet import Run
from services.talent.service.imports.teams import TeamRows
from services.talent.service.people.people import People
from services.talent.service.positions.positions import Positions
from services.talent.service.shortage.counting import Counter
from services.workbook.reading import open_workbook
from services.workbook.tables import TableStream

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
                done = partial(self._done, run, tally, outcomes, key, heard)
                with self._sheet(run, book.tables[key], tally) as sheet:
                    take_all(book.tables[key], sheet, tally, done)
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

    def _sheet(self, run: Run, table: TableStream, tally: Tally) -> PeopleSheet | JudgedSheet:
        key = table.sheet
        if key == SHEET:
            return PeopleSheet(run, self.catalogue, table.columns, tally, beside=self.beside)
        today = civil_date(run.people.clock.now())
        return JudgedSheet(key, self.catalogue, _OTHERS[key](run), tally, headers_of(key), today)

    def _done(
        self, run: Run, tally: Tally, outcomes: Outcomes, key: str, heard: Heard, chunk: list[Outcome]
    ) -> None:
        outcomes.add(key, chunk)
        self.counter.fold(run.session)
        run.session.expunge_all()
        heard(tally.rows)
