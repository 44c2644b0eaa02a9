"""TalentImportService: people, teams and positions from a file, and the way back."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from bole.common.v1.workbook_import_pb2 import ImportMode, ImportReport
from bole.talent.v1 import import_pb2, import_service_pb2_grpc
from bole.talent.v1 import import_service_pb2 as wire
from services.chassis.db import racing
from services.chassis.house import House
from services.chassis.importing import NothingWritten, Upload, receive
from services.chassis.listing import Query
from services.chassis.reveals import entry_of
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import check_etag
from services.kernel.errors import FailedPrecondition, Violation
from services.kernel.text import Text
from services.talent.domain.batch import Batch
from services.talent.rpc.import_wire import ImportRows, batch_to_wire, kept_to_wire
from services.talent.rpc.wire import id_of
from services.talent.service.duplicates.finding import Finding
from services.talent.service.duplicates.visibility import Keeper
from services.talent.service.imports.batches import Batches
from services.talent.service.imports.doubles import Doubles
from services.talent.service.imports.outcomes import Outcomes
from services.talent.service.imports.run import TalentImport
from services.talent.service.imports.undo import REASONS, Undo, Undone
from services.talent.store import lists, schema

_IMPORTERS = ("talent_officer",)
_READERS = ("talent_officer", "auditor")


@dataclass(frozen=True)
class ImportRoom(import_service_pb2_grpc.TalentImportServiceServicer):
    """The servicer."""

    house: House
    use_case: TalentImport
    batches: Batches
    undo: Undo
    finding: Finding

    def ImportWorkbook(
        self, request_iterator: Iterable[wire.ImportWorkbookRequest], context: Any
    ) -> ImportReport:
        """One file, in one transaction; a repeated attempt under its request id gets the first report."""
        call = current_call()
        with receive(request_iterator) as upload, Outcomes() as outcomes:
            batch = self.batches.begin(upload, call.principal.subject)
            try:
                with racing(), self.house.database.write() as session:
                    return self._once(session, call, upload, batch, outcomes)
            except NothingWritten as nothing:
                self.batches.unwritten(batch, nothing.report, outcomes)
                return nothing.report
            except BaseException:
                self.batches.failed(batch)
                raise
            finally:
                self.batches.forget(batch)

    def GetImport(self, request: wire.GetImportRequest, context: Any) -> import_pb2.Import:
        """One import."""
        call = current_call()
        with self.house.database.read() as session:
            batch = self.batches.get(session, id_of(request.name, "imports"), _creator(call))
        return batch_to_wire(batch)

    def ListImports(self, request: wire.ListImportsRequest, context: Any) -> wire.ListImportsResponse:
        """Imports, newest first."""
        call = current_call()
        creator = _creator(call)
        query = Query(request.filter, "", request.page_size, request.page_token)
        with self.house.database.read() as session:
            mine = () if creator is None else (schema.import_batch.c.created_by == creator,)
            page = lists.imports().page(
                session, Batch, query, self.house.pages, call.principal.subject, *mine
            )
            shown = self.batches.seen(session, page.items)
        return wire.ListImportsResponse(
            imports=[batch_to_wire(each) for each in shown],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def ListImportRows(
        self, request: wire.ListImportRowsRequest, context: Any
    ) -> wire.ListImportRowsResponse:
        """What became of the rows of an import."""
        call, id_ = current_call(), id_of(request.parent, "imports", field="parent")
        query = Query(request.filter, "", request.page_size, request.page_token, {"parent": id_})
        with self.house.database.read() as session:
            self.batches.get(session, id_, _creator(call))
            return ImportRows(self.use_case.people).page(
                session, id_, query, self.house.pages, call.principal.subject
            )

    def UndoImport(self, request: wire.UndoImportRequest, context: Any) -> wire.UndoImportResponse:
        """Take an import back."""
        call = current_call()
        try:
            with self.house.database.write() as session:
                act = partial(self._undo, session, call, request)
                caller = (call.principal.subject, call.method)
                return self.house.requests.once(
                    session, caller, request.request_id, request, wire.UndoImportResponse, act
                )
        except _OnlyAsked as asked:
            return asked.answer

    def _once(
        self, session: Session, call: Call, upload: Upload, batch: Batch, outcomes: Outcomes
    ) -> ImportReport:
        actor = call.principal.subject
        cities = call.principal.cities(_IMPORTERS, call.arrived)

        def act() -> ImportReport:
            doubles = self._doubles(call, upload, cities)
            run = self.use_case.begin(session, batch.id, actor, cities, doubles)
            report = self.use_case.run(run, upload, outcomes, partial(self.batches.heard, batch))
            self.batches.written(session, batch, report, outcomes)
            detail: dict[str, object] = {
                "sha256": report.sha256,
                "rows": outcomes.digest,
                "created": sum(sheet.created_count for sheet in report.sheets),
                "changed": sum(sheet.changed_count for sheet in report.sheets),
            }
            self.house.audit.append(session, entry_of(call, "import", f"imports/{batch.id}", "done", detail))
            return report

        caller, request_id = (actor, call.method), upload.header.request_id
        return self.house.requests.once(session, caller, request_id, upload.request, ImportReport, act)

    def _doubles(self, call: Call, upload: Upload, cities: frozenset[str] | None) -> Doubles | None:
        """Only a dry run looks for them: what is written is followed up afterwards."""
        keeper = Keeper(cities, call.clearance)
        asked = upload.header.mode == ImportMode.IMPORT_MODE_DRY_RUN
        return Doubles(self.finding, keeper) if asked and keeper.may_compare() else None

    def _undo(self, session: Session, call: Call, request: wire.UndoImportRequest) -> wire.UndoImportResponse:
        actor, cities = call.principal.subject, call.principal.cities(_IMPORTERS, call.arrived)
        id_ = id_of(request.name, "imports")
        batch = self.batches.get(session, id_, _creator(call))
        if request.etag:
            check_etag(request.etag, batch.version, request.name)
        done = self.undo.run(session, batch, actor, cities)
        if done.kept_count and not request.skip_changed and not request.validate_only:
            raise _kept(request.name, done)
        mine = session.get_one(Batch, id_)
        mine.undo(actor, self.house.clock.now(), whole=not done.kept_count)
        session.flush()
        answer = wire.UndoImportResponse(
            removed_count=done.removed,
            restored_count=done.restored,
            kept_count=done.kept_count,
            kept=[kept_to_wire(each) for each in done.kept],
        )
        getattr(answer, "import").CopyFrom(batch_to_wire(mine if not request.validate_only else batch))
        if request.validate_only:
            raise _OnlyAsked(answer)
        detail: dict[str, object] = {
            "removed": done.removed,
            "restored": done.restored,
            "kept": done.kept_count,
        }
        self.house.audit.append(session, entry_of(call, "undo-import", request.name, "done", detail))
        return answer


class _OnlyAsked(Exception):
    """Rolls back an undo that was only asked about."""

    def __init__(self, answer: wire.UndoImportResponse) -> None:
        super().__init__("nothing is written")
        self.answer = answer


def _creator(call: Call) -> str | None:
    """Whose imports the caller may see: those of everybody (None) only with a grant for the whole province."""
    everywhere = call.principal.cities(_READERS, call.arrived) is None
    return None if everywhere else call.principal.subject


def _kept(name: str, done: Undone) -> FailedPrecondition:
    violations = [
        Violation(f"{kept.sheet}/{kept.id}", kept.reason, REASONS[kept.reason]) for kept in done.kept
    ]
    return FailedPrecondition(
        Text(
            f"{name} 中有 {done.kept_count} 条记录不能撤销（导入后有变更、被引用或已合并）；"
            "未撤销任何内容，可选择跳过它们（skip_changed）",
            f"{done.kept_count} records of {name} cannot be taken back (changed since, in use or merged); nothing "
            "was undone, ask to skip them (skip_changed)",
        ),
        reason="IMPORT_CHANGED_SINCE",
        violations=violations,
        metadata={"kept": str(done.kept_count)},
    )
