"""TalentImportService: people, teams and positions from a file, and the way back."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from bole.common.v1.workbook_import_pb2 import ImportMode, ImportReport
from bole.talent.v1 import import_pb2, import_service_pb2_grpc
from bole.talent.v1 import import_service_pb2 as wire
from services.chassis.imports.batch import Batch
from services.chassis.imports.importing import Upload
from services.chassis.imports.outcomes import Outcomes
from services.chassis.imports.undone import Undone
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.import_desk import ImportDesk, Kinds, batch_to_wire
from services.chassis.rpc.wire import instant_to_wire
from services.chassis.storage.listing import Query
from services.talent.domain.people.statement import IMPORT
from services.talent.domain.privacy.four_eyes import FRESH
from services.talent.rpc.files.import_wire import ImportRows, resource_of
from services.talent.rpc.wire import id_of
from services.talent.service.imports.doubles import Doubles
from services.talent.service.imports.run import TalentImport
from services.talent.service.imports.undo import Undo
from services.talent.service.people.duplicates.finding import Finding
from services.talent.service.people.duplicates.visibility import Keeper
from services.talent.service.privacy.approving import Approving
from services.workbook import cells
from services.workbook.choices import SOURCE_LIST

IMPORTERS = ("talent_officer",)
READERS = ("talent_officer", "auditor")
_KINDS = Kinds(import_pb2.Import, wire.KeptRecord, resource_of)


@dataclass(frozen=True)
class ImportRoom(import_service_pb2_grpc.TalentImportServiceServicer):
    """The servicer."""

    desk: ImportDesk
    use_case: TalentImport
    undo: Undo
    finding: Finding
    approving: Approving

    def ImportWorkbook(
        self, request_iterator: Iterable[wire.ImportWorkbookRequest], context: Any
    ) -> ImportReport:
        """One file, in one transaction; a repeated attempt under its request id gets the first report."""
        return self.desk.take(request_iterator, self._work)

    def GetImport(self, request: wire.GetImportRequest, context: Any) -> import_pb2.Import:
        """One import."""
        with self.desk.house.database.read() as session:
            batch = self.desk.get(session, id_of(request.name, "imports"))
        return _import_to_wire(batch)

    def ListImports(self, request: wire.ListImportsRequest, context: Any) -> wire.ListImportsResponse:
        """Imports, newest first."""
        query = Query(request.filter, "", request.page_size, request.page_token)
        found, token, total = self.desk.page(query)
        return wire.ListImportsResponse(
            imports=[_import_to_wire(each) for each in found],
            next_page_token=token,
            total_size=total,
        )

    def ListImportRows(
        self, request: wire.ListImportRowsRequest, context: Any
    ) -> wire.ListImportRowsResponse:
        """What became of the rows of an import."""
        call, id_ = current_call(), id_of(request.parent, "imports", field="parent")
        query = Query(request.filter, "", request.page_size, request.page_token, {"parent": id_})
        house = self.desk.house
        with house.database.read() as session:
            self.desk.get(session, id_)
            rows = ImportRows(self.use_case.people)
            return rows.page(session, id_, query, house.pages, call.principal.subject)

    def UndoImport(self, request: wire.UndoImportRequest, context: Any) -> wire.UndoImportResponse:
        """Take an import back."""
        id_ = id_of(request.name, "imports")
        return self.desk.undo(id_, request, wire.UndoImportResponse, _KINDS, self._take_back)

    def _take_back(self, session: Session, batch: Batch, actor: str, cities: frozenset[str] | None) -> Undone:
        batch.require_undoable()
        self.approving.use_for_undo(session, batch, actor)
        return self.undo.run(session, batch, actor, cities)

    def _work(
        self, session: Session, call: Call, upload: Upload, batch: Batch, outcomes: Outcomes
    ) -> ImportReport:
        cities = self.desk.cities(call)
        doubles = self._doubles(call, upload, batch.id, cities)
        source = _source(upload.header.source_list)
        run = self.use_case.begin(session, batch.id, call.principal.subject, cities, doubles, source)
        return self.use_case.run(run, upload, outcomes, partial(self.desk.batches.heard, batch))

    def _doubles(
        self, call: Call, upload: Upload, batch: str, cities: frozenset[str] | None
    ) -> Doubles | None:
        """Only a dry run looks for them: what is written is followed up afterwards."""
        asked = upload.header.mode == ImportMode.IMPORT_MODE_DRY_RUN
        return Doubles(self.finding, Keeper(cities, call.clearance), batch) if asked else None


def _import_to_wire(batch: Batch) -> import_pb2.Import:
    message = batch_to_wire(batch, import_pb2.Import)
    brought = any(each.sheet == "persons" and each.created_count for each in message.sheets)
    if brought and batch.undoable:
        message.alone_expire_time.CopyFrom(instant_to_wire((batch.ended_at or batch.heard_at) + FRESH))
    return message


def _source(given: str) -> str:
    """The code of the list that a file comes from. Raises InvalidArgument (UNKNOWN_CHOICE)."""
    return cells.choice(given, field="header.source_list", choices=SOURCE_LIST) if given else IMPORT
