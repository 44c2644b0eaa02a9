"""The edge of an import: one file, one transaction, one entry in the audit trail."""

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from bole.common.v1.workbook_import_pb2 import ImportReport
from services.chassis.db import racing
from services.chassis.house import House
from services.chassis.importing import NothingWritten, Part, Upload, receive
from services.chassis.reveals import entry_of
from services.chassis.rpc.call import Call, current_call

Run = Callable[[Session, Upload, str, frozenset[str] | None], ImportReport]


def import_workbook(house: House, parts: Iterable[Part], roles: Iterable[str], run: Run) -> ImportReport:
    """The report of `run(session, upload, actor, cities)`; `cities`: where the caller holds one of `roles`.

    A repeated attempt under its request id gets the first report. Raises what `receive` and `run` raise, and
    Aborted when somebody else wrote the same records at the same time.
    """
    call = current_call()
    with receive(parts) as upload:
        return _run(house, call, upload, roles, run)


def _run(house: House, call: Call, upload: Upload, roles: Iterable[str], run: Run) -> ImportReport:
    actor, cities = call.principal.subject, call.principal.cities(roles, call.arrived)
    try:
        with racing(), house.database.write() as session:

            def act() -> ImportReport:
                report = run(session, upload, actor, cities)
                detail: dict[str, object] = {
                    "sha256": report.sha256,
                    "created": sum(sheet.created_count for sheet in report.sheets),
                    "changed": sum(sheet.changed_count for sheet in report.sheets),
                }
                house.audit.append(session, entry_of(call, "import", upload.header.filename, "done", detail))
                return report

            caller, request_id = (actor, call.method), upload.header.request_id
            return house.requests.once(session, caller, request_id, upload.request, ImportReport, act)
    except NothingWritten as outcome:
        return outcome.report
