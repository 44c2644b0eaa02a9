"""FundingImportService: firms, funds and deals from a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bole.common.v1.workbook_import_pb2 import ImportReport
from bole.funding.v1 import import_service_pb2 as wire
from bole.funding.v1 import import_service_pb2_grpc
from services.chassis.house import House
from services.chassis.rpc.importing import import_workbook
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
        return import_workbook(self.house, request_iterator, _IMPORTERS, self.use_case.run)
