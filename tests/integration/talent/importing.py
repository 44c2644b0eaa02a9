"""Imports into an installed talent service, and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from bole.common.v1.workbook_import_pb2 import ImportHeader, ImportMode, ImportReport
from services.chassis.imports.batches import Batches
from services.chassis.imports.importing import NothingWritten, Upload
from services.chassis.imports.outcomes import Outcomes
from services.chassis.imports.undone import Undone
from services.talent.domain.people.person import Sensitive
from services.talent.domain.people.statement import IMPORT
from services.talent.service.imports.run import TalentImport
from services.talent.service.imports.undo import Undo
from services.talent.store import schema
from tests.integration.talent.installed import Talent

PERSON = {
    "ref": "P-1",
    "name": "欧阳演示",
    "category": "卓越工程师",
    "city": "南通",
    "availability": "随时",
    "directions": "seawater-h2",
    "observed": "2026-06-01",
    "purposes": "人岗匹配",
    "phone": "13900000000",
    "origin": "演示数据",
}
TEAM = {"ref": "T-1", "name": "演示团队", "lead": "P-1", "directions": "seawater-h2", "city": "南通"}
POSITION = {
    "ref": "J-1",
    "title": "海水制氢工程师",
    "employer": "演示制氢有限公司",
    "city": "南通",
    "direction": "seawater-h2",
    "category": "卓越工程师",
    "headcount": "2",
    "opened": "2026-06-01",
}
Cells = Mapping[str, str]


def csv_of(*rows: Cells) -> bytes:
    """The rows as CSV with the columns of the first one."""
    lines = [",".join(rows[0]), *(",".join(row[key] for key in rows[0]) for row in rows)]
    return "\n".join(lines).encode()


@dataclass
class Importing:
    """What the edge does, without the wire."""

    talent: Talent
    _batches: Batches | None = field(default=None, init=False)

    @property
    def batches(self) -> Batches:
        if self._batches is None:
            self._batches = Batches(
                self.talent.database, self.talent.clock, self.talent.people.ids, schema.imports
            )
        return self._batches

    @property
    def use_case(self) -> TalentImport:
        people = self.talent.people
        return TalentImport(people.catalogue, people, self.talent.positions, b"k" * 32, self.talent.counter)

    def load(
        self,
        sheet: str,
        *rows: Cells,
        mode: ImportMode = ImportMode.IMPORT_MODE_GOOD_ROWS,
        source: str = IMPORT,
    ) -> tuple[ImportReport, str]:
        """Import rows of one sheet; the report and the id of the batch. Time passes with every import."""
        header = ImportHeader(filename=f"{sheet}.csv", mode=mode, sheet=sheet)
        with Upload.of(header, [csv_of(*rows)]) as upload, Outcomes() as outcomes:
            batch = self.batches.begin(upload, "tester")
            try:
                with self.talent.database.write() as session:
                    run = self.use_case.begin(session, batch.id, "tester", None, source=source)
                    report = self.use_case.run(run, upload, outcomes, lambda _: None)
                    self.batches.written(session, batch, report, outcomes)
            except NothingWritten as nothing:
                report = nothing.report
                self.batches.unwritten(batch, report, outcomes)
            finally:
                self.batches.forget(batch)
        self.talent.pass_days(1)
        return report, batch.id

    def undo(self, id_: str) -> Undone:
        """Take a batch back, but for what changed since."""
        with self.talent.database.write() as session:
            batch = session.get_one(schema.imports.batch_kind, id_)
            undo = Undo(self.talent.people, self.talent.positions, self.talent.counter)
            done = undo.run(session, batch, "tester", None)
            session.get_one(schema.imports.batch_kind, id_).undo(
                "tester", self.talent.clock.now(), whole=not done.kept_count
            )
        self.talent.pass_days(1)
        return done

    def rows(self, id_: str) -> list[tuple[Any, ...]]:
        """Sheet, row, outcome and whether a record is named, of what a batch reports."""
        table = schema.imports.row
        query = select(table).where(table.c.batch_id == id_).order_by(table.c.sheet, table.c.row)
        with self.talent.database.read() as session:
            return [
                (row.sheet, row.row, row.outcome.name, row.resource_id is not None)
                for row in session.execute(query)
            ]

    def state(self) -> dict[str, list[tuple[Any, ...]]]:
        """What the library holds, but for versions, times of change and what only grows."""
        unlike = {"version", "updated_at", "wrapped", "number"}
        with self.talent.database.read() as session:
            return {
                table.name: sorted(
                    tuple(map(repr, row))
                    for row in session.execute(select(*(c for c in table.c if c.name not in unlike)))
                )
                for table in (
                    schema.person,
                    schema.person_direction,
                    schema.person_text,
                    schema.person_key,
                    schema.position,
                    schema.position_direction,
                    schema.team,
                    schema.team_direction,
                )
            }

    def drift(self) -> int:
        """How many kept counts differ from a recount."""
        with self.talent.database.write() as session:
            found = self.talent.counter.rebuild(session, check=True)
        return found.counts + found.employers

    def sensitive(self) -> dict[str, Sensitive]:
        """The facts of everybody that no row holds, by source number."""
        people = self.talent.people
        with self.talent.database.read() as session:
            refs = {row.id: row.ref for row in session.execute(select(schema.person))}
            return {refs[id_]: facts for id_, facts in people.sensitive(session, list(refs)).items()}
