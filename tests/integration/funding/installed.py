"""The use cases of funding over one database, and imports into it."""

from dataclasses import dataclass

from bole.common.v1.workbook_import_pb2 import ImportHeader, ImportMode, ImportReport
from services.chassis.db import Database
from services.chassis.importing import Upload
from services.funding.service.deals import Deals
from services.funding.service.importing import FundingImport
from services.kernel.clock import ManualClock


@dataclass(frozen=True)
class Funding:
    """Use cases over one migrated database."""

    database: Database
    clock: ManualClock
    deals: Deals
    imports: FundingImport

    def load(self, data: bytes, mode: ImportMode = ImportMode.IMPORT_MODE_GOOD_ROWS) -> ImportReport:
        """Import a file, its good rows unless told otherwise."""
        upload = Upload.of(ImportHeader(filename="sample.xlsx", mode=mode), [data])
        with upload, self.database.write() as session:
            return self.imports.run(session, upload, "tester", None)
