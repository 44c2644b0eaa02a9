"""TalentExportService: files of records, each in the register before its first byte leaves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

from bole.talent.v1 import export_service_pb2 as wire
from bole.talent.v1 import export_service_pb2_grpc
from services.catalogue import Catalogue
from services.chassis.audit.exports import Export
from services.chassis.audit.reveals import entry_of, within_budget
from services.chassis.house import House
from services.chassis.redaction import Redactor
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.exporting import (
    PIECE,
    ExportRows,
    asked,
    chosen_columns,
    digest,
    export_to_wire,
    made,
    require_fits,
    temporary,
    write,
)
from services.chassis.storage.bulk import add_rows
from services.chassis.storage.listing import Query
from services.kernel.clock import CIVIL_ZONE
from services.talent.domain.privacy.four_eyes import Act, Intent
from services.talent.rpc.files.export_cells import FIELDS
from services.talent.rpc.files.export_source import Source
from services.talent.rpc.files.export_words import refused, told
from services.talent.rpc.people.persons import PersonDesk
from services.talent.service.finding.search import Search
from services.talent.service.privacy.approving import Approving
from services.talent.store import lists, schema
from services.wording.codes import purpose_named
from services.workbook.exporting import Layout
from services.workbook.sheets import SHEETS
from services.workbook.writing import SYNTHETIC_MARK

_READERS = ("talent_officer", "auditor")
_MASKED = {"name": "脱敏姓名"}


@dataclass(frozen=True)
class ExportRoom(export_service_pb2_grpc.TalentExportServiceServicer):
    """The servicer."""

    house: House
    catalogue: Catalogue
    desk: PersonDesk
    search: Search
    redactor: Redactor
    approving: Approving

    async def ExportRecords(
        self, request: wire.ExportRecordsRequest, context: Any
    ) -> AsyncIterator[wire.ExportRecordsResponse]:
        """A file, made whole and registered, then sent piece by piece."""
        call = current_call()
        async with made(partial(self._make, request, call)) as (export, file):
            yield wire.ExportRecordsResponse(export=export_to_wire(export, wire.Export))
            file.seek(0)
            while piece := await asyncio.to_thread(file.read, PIECE):
                yield wire.ExportRecordsResponse(data=piece)

    def ListExports(self, request: wire.ListExportsRequest, context: Any) -> wire.ListExportsResponse:
        """The register."""
        call, table = current_call(), schema.export_register
        everywhere = call.principal.cities(_READERS, call.arrived) is None
        mine = () if everywhere else (table.c.created_by == call.principal.subject,)
        query = Query(request.filter, "", request.page_size, request.page_token)
        with self.house.database.read() as session:
            page = lists.exports().page(
                session, schema.exports.kind, query, self.house.pages, call.principal.subject, *mine
            )
        return wire.ListExportsResponse(
            exports=[export_to_wire(each, wire.Export) for each in page.items],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def _make(
        self, request: wire.ExportRecordsRequest, call: Call, stack: ExitStack
    ) -> tuple[Export, IO[bytes]]:
        """The file and its entry, which is in the register when this returns."""
        columns = chosen_columns(request.sheet, request.columns, FIELDS)
        form = wire.ExportFormat.Name(request.format).removeprefix("EXPORT_FORMAT_")
        rows = stack.enter_context(ExportRows([column.key for column in columns]))
        source = Source(self.catalogue, self.desk, self.search, self.redactor, call)
        with self.house.database.read() as session:
            for record in source.records(session, request):
                rows.add(record.cells, person=record.person, masked=record.masked, revealed=record.revealed)
            intent = _intent(call, request, rows)
            if intent.needs_approval and request.query:
                raise refused()
            self.approving.require(session, intent)
        require_fits(form, rows.count)
        id_, file = self.house.ids.new(), stack.enter_context(temporary())
        layout = Layout(SHEETS[request.sheet].title_zh, columns, _MASKED if rows.masked else {})
        write(file, form, layout, rows, self._origin(id_, request, call, rows))
        export = schema.exports.kind(
            id=id_,
            created_at=call.arrived,
            created_by=call.principal.subject,
            purpose=call.purpose or "",
            reason=request.reason,
            sheet=request.sheet,
            filter=self._asked(request),
            columns=tuple(column.key for column in columns),
            form=form,
            rows=rows.count,
            sha256=digest(file),
            size=file.tell(),
        )
        self._register(call, export, rows, intent)
        return export, file

    def _register(self, call: Call, export: Export, rows: ExportRows, intent: Intent) -> None:
        detail: dict[str, object] = {
            "count": export.rows,
            "sha256": export.sha256,
            "fields": _revealed(rows, export.sheet),
        }
        with within_budget(self.house, call, _shown(rows)) as session:
            approval = self.approving.use(session, intent, f"exports/{export.id}")
            if approval:
                detail["approval"] = f"actApprovals/{approval.id}"
            session.add(export)
            session.flush()
            people = ((person, export.id) for person in rows.people())
            add_rows(session, schema.export_person, ("person_id", "export_id"), people)
            entry = entry_of(call, "export", f"exports/{export.id}", "done", detail)
            self.house.audit.append(session, entry)

    def _origin(self, id_: str, request: wire.ExportRecordsRequest, call: Call, rows: ExportRows) -> str:
        """The line above the headers: where the file comes from, in words that travel with it."""
        at = call.arrived.astimezone(CIVIL_ZONE)
        parts = [
            *([SYNTHETIC_MARK] if rows.synthetic else []),
            f"导出 exports/{id_}",
            f"{at:%Y-%m-%d %H:%M}",
            f"导出人 {call.principal.subject}",
            f"用途 {purpose_named(call.purpose).zh}；事由：{request.reason or '未写'}",
            f"筛选 {self._asked(request) or '全部'}",
            f"{rows.count} 条",
            "内部资料，按用途使用，不得转发",
        ]
        return " · ".join(parts)

    def _asked(self, request: wire.ExportRecordsRequest) -> str:
        order = f"排序 {request.order_by}" if request.order_by else ""
        return asked(request.filter, told(request, self.search.words), order)


def _shown(rows: ExportRows) -> set[str]:
    """Of whom the file tells more than INTERNAL fields."""
    return set(rows.people()) if rows.fields else set()


def _intent(call: Call, request: wire.ExportRecordsRequest, rows: ExportRows) -> Intent:
    """What the caller takes away, as a second person approves it: in whatever order."""
    return Intent(
        account=call.principal.subject,
        act=Act.EXPORT,
        sheet=request.sheet,
        purpose=call.purpose or "",
        filter=request.filter.strip(),
        people=len(_shown(rows)),
    )


def _revealed(rows: ExportRows, sheet: str) -> list[str]:
    """Fields beyond INTERNAL that the file shows of anybody, among its columns."""
    shown = {FIELDS[sheet].get(key) for key in rows.keys}
    return sorted(field for field in rows.fields if field in shown)
