"""FundingImportService: firms, funds and deals from a file, and the way back."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from bole.common.v1.workbook_import_pb2 import ImportReport
from bole.funding.v1 import import_pb2, import_service_pb2_grpc
from bole.funding.v1 import import_service_pb2 as wire
from services.chassis.imports.batch import Batch
from services.chassis.imports.importing import Upload
from services.chassis.imports.outcomes import Outcomes
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.import_desk import ImportDesk, Kinds, batch_to_wire
from services.chassis.storage.listing import Query
from services.funding.rpc.files.import_wire import row_to_wire
from services.funding.rpc.wire import id_of
from services.funding.service.importing import SHEETS_IN_ORDER, FundingImport
from services.funding.service.undoing import Undo

IMPORTERS = ("fund_manager",)
READERS = ("fund_manager", "auditor")
_KINDS = Kinds(import_pb2.Import, wire.KeptRecord)


@dataclass(frozen=True)
class ImportRoom(import_service_pb2_grpc.FundingImportServiceServicer):
    """The servicer."""

    desk: ImportDesk
    use_case: FundingImport
    undo: Undo

    def ImportWorkbook(
        self, request_iterator: Iterable[wire.ImportWorkbookRequest], context: Any
    ) -> ImportReport:
        """One file, in one transaction; a repeated attempt under its request id gets the first report."""
        return self.desk.take(request_iterator, self._work)

    def GetImport(self, request: wire.GetImportRequest, context: Any) -> import_pb2.Import:
        """One import."""
        with self.desk.house.database.read() as session:
            batch = self.desk.get(session, id_of(request.name, "imports"))
        return batch_to_wire(batch, import_pb2.Import)

    def ListImports(self, request: wire.ListImportsRequest, context: Any) -> wire.ListImportsResponse:
        """Imports, newest first."""
        query = Query(request.filter, "", request.page_size, request.page_token)
        found, token, total = self.desk.page(query)
        return wire.ListImportsResponse(
            imports=[batch_to_wire(each, import_pb2.Import) for each in found],
            next_page_token=token,
            total_size=total,
        )

    def ListImportRows(
        self, request: wire.ListImportRowsRequest, context: Any
    ) -> wire.ListImportRowsResponse:
        """What became of the rows of an import."""
        id_ = id_of(request.parent, "imports", field="parent")
        query = Query(request.filter, "", request.page_size, request.page_token, {"parent": id_})
        house, tables = self.desk.house, self.desk.batches.tables
        with house.database.read() as session:
            self.desk.get(session, id_)
            page = tables.rows(list(SHEETS_IN_ORDER)).page(
                session,
                tables.row_kind,
                query,
                house.pages,
                current_call().principal.subject,
                tables.row.c.batch_id == id_,
            )
        return wire.ListImportRowsResponse(
            rows=[row_to_wire(each) for each in page.items],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def UndoImport(self, request: wire.UndoImportRequest, context: Any) -> wire.UndoImportResponse:
        """Take an import back."""
        id_ = id_of(request.name, "imports")
        return self.desk.undo(id_, request, wire.UndoImportResponse, _KINDS, self.undo.run)

    def _work(
        self, session: Session, call: Call, upload: Upload, batch: Batch, outcomes: Outcomes
    ) -> ImportReport:
        actor = call.principal.subject
        heard = partial(self.desk.batches.heard, batch)
        return self.use_case.run(session, upload, actor, self.desk.cities(call), outcomes, batch.id, heard)
