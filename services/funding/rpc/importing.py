"""FundingImportService: firms, funds and deals from a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bole.common.v1.workbook_import_pb2 import ImportReport
from bole.funding.v1 import import_service_pb2 as wire
from bole.funding.v1 import import_service_pb2_grpc
from services.chassis.db import racing
from services.chassis.house import House
from services.chassis.importing import NothingWritten, receive
from services.chassis.reveals import entry_of
from services.chassis.rpc.call import current_call
from services.funding.service.importing import FundingImport

_IMPORTERS = ("fund_manager",)


@dataclass(frozen=True)
class ImportRoom(import_service_pb2_grpc.FundingImportServiceServicer):
    """The servicer."""

    house: House
    use_case: FundingImport

    def ImportWorkbook(
        self, request_iterator: Iterable[wire.ImportWorkbookRequest], context: Any
    ) -> ImportReport:
        """One file, in one transaction; a repeated attempt under its request id gets the first report."""
        call = current_call()
        upload = receive(request_iterator)
        actor, cities = call.principal.subject, call.principal.cities(_IMPORTERS, call.arrived)
        try:
            with racing(), self.house.database.write() as session:

                def act() -> ImportReport:
                    report = self.use_case.run(session, upload, actor, cities)
                    detail: dict[str, object] = {
                        "sha256": report.sha256,
                        "created": sum(sheet.created_count for sheet in report.sheets),
                        "changed": sum(sheet.changed_count for sheet in report.sheets),
                    }
                    name = upload.header.filename
                    self.house.audit.append(session, entry_of(call, "import", name, "done", detail))
                    return report

                request_id = upload.header.request_id
                return self.house.requests.once(
                    session, (actor, call.method), request_id, upload.request, ImportReport, act
                )
        except NothingWritten as outcome:
            return outcome.report
