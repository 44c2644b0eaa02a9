"""The sheet 人才, chunk by chunk: new people are written up ahead, known ones are looked at when they come."""

from collections.abc import Collection, Mapping, Sequence
from types import TracebackType
from typing import NamedTuple, Self

from services.catalogue import Catalogue
from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.importing import Tally
from services.chassis.imports.outcomes import Outcome
from services.chassis.imports.sheets import Judged, refs_of
from services.chassis.process.beside import Beside
from services.chassis.storage.columns import canonical_json
from services.kernel.clock import civil_date
from services.kernel.errors import BoleError, InvalidArgument
from services.talent.service.imports.facts import headers_of
from services.talent.service.imports.fresh import SHEET, FreshRows, Job, Made, Terms
from services.talent.service.imports.persons import KnownPeople
from services.talent.service.imports.private import without_private
from services.talent.service.imports.sheet import Run
from services.talent.service.people.newcomers import keep
from services.talent.store.people.known import Known, known_by_refs
from services.workbook.duplicates import Duplicates, SeenRows
from services.workbook.rows import RowReader
from services.workbook.sheets import SHEETS
from services.workbook.tables import Row


class _Looked(NamedTuple):
    """A chunk that was looked at: who is known of its rows, and which rows repeat others."""

    rows: Sequence[Row]
    known: Mapping[str, Known]
    repeated: Duplicates


class PeopleSheet:
    """`look` at a chunk, and `take` it while the next one is written up. `beside`: with which chunk the process that
    does so is started.
    """

    def __init__(
        self, run: Run, catalogue: Catalogue, columns: Collection[str], tally: Tally, *, beside: int
    ) -> None:
        self._run, self._tally = run, tally
        self._seen = SeenRows(SHEETS[SHEET])
        self._reader = RowReader(SHEETS[SHEET], catalogue)
        self._headers = headers_of(SHEET)
        self._known = KnownPeople(run, columns)
        terms = _terms(run)
        self._fresh: Beside[Job, Made] = Beside(FreshRows(terms), FreshRows, terms, after=beside)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._fresh.__exit__(kind, error, trace)

    def look(self, chunk: Sequence[Row]) -> _Looked:
        """Tell who is known, and hand over the rows about everybody else."""
        repeated = self._seen.compare(chunk)
        known = known_by_refs(self._run.session, refs_of(chunk))
        fresh = [
            row for row in chunk if row.number not in repeated.same and not _is_known(row, known, repeated)
        ]
        self._fresh.submit(Job(fresh, self._run.people.clock.now()))
        return _Looked(chunk, known, repeated)

    def take(self, looked: _Looked) -> list[Outcome]:
        """Write a chunk; what became of the rows that are not the same as before."""
        made = self._fresh.answer()
        keep(self._run.session, made.people)
        refused = [self._refused(row, InvalidArgument.of(*violations)) for row, violations in made.refused]
        return [*self._new(made), *refused, *self._changed(looked)]

    def _new(self, made: Made) -> list[Outcome]:
        doubles = self._run.doubles
        found = doubles.of(self._run.session, made.traits) if doubles else [()] * len(made.new)
        outcomes = []
        for (row, id_), some in zip(made.new, found, strict=True):
            self._tally.created(SHEET, doubtful=bool(some))
            kept = [each.kept() for each in some]
            detail = canonical_json({"doubles": kept}).encode() if kept else None
            outcomes.append(Outcome(row, RowOutcome.NEW, id_, 1, detail))
        return outcomes

    def _changed(self, looked: _Looked) -> list[Outcome]:
        repeated = looked.repeated
        for _ in repeated.same:
            self._tally.same(SHEET)
        rows = [row for row in looked.rows if _is_known(row, looked.known, repeated)]
        self._known.begin(looked.known)
        judged: list[Judged] = []
        refused: list[Outcome] = []
        today = civil_date(self._run.people.clock.now())
        for row in rows:
            try:
                values = self._reader.read(row, today)
                if row.number in repeated.conflicting:
                    raise InvalidArgument.of(repeated.conflicting[row.number])
                judged.append(self._known.judge(row.number, values))
            except BoleError as error:
                refused.append(self._refused(row.number, error.renamed(self._headers)))
        for each in judged:
            (self._tally.changed if each.kind else self._tally.same)(SHEET)
        return [*self._known.write(judged), *refused]

    def _refused(self, row: int, error: BoleError) -> Outcome:
        told = without_private(error)
        self._tally.refused(SHEET, row, told)
        return Outcome.refused(row, told)


def _is_known(row: Row, known: Mapping[str, Known], repeated: Duplicates) -> bool:
    """Whether a row is judged here: it is about somebody known, or stands in the way of another row."""
    number = row.number
    return number not in repeated.same and (
        number in repeated.conflicting or row.cells.get("ref", "") in known
    )


def _terms(run: Run) -> Terms:
    people = run.people
    engine = run.session.get_bind().dialect
    return Terms(
        batch=run.batch,
        actor=run.actor,
        cities=run.cities,
        digest_key=run.digest_key,
        keys=people.assertions.keys,
        source=people.journal.source,
        engine=f"{engine.name}+{engine.driver}://",
        compared=run.doubles is not None,
        local_file=people.catalogue.local_file,
        said_by=run.source,
    )
