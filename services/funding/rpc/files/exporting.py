"""FundingExportService: files of firms, funds and deals, each in the register before its first byte leaves."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bole.funding.v1 import export_service_pb2 as wire
from bole.funding.v1 import export_service_pb2_grpc
from services.catalogue import Catalogue
from services.chassis.audit.exports import Export
from services.chassis.audit.reveals import entry_of
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
from services.chassis.storage.listing import Query
from services.funding.domain.fund.fund import Fund
from services.funding.rpc.files.export_cells import columns_of, keys_of, wan
from services.funding.rpc.files.export_source import Source
from services.funding.rpc.wire import id_of
from services.funding.service.deals.screening.asking import Screens
from services.funding.store import lists, schema
from services.kernel.clock import CIVIL_ZONE
from services.kernel.errors import InvalidArgument
from services.wording.codes import purpose_named
from services.workbook.exporting import Layout
from services.workbook.sheets import SHEETS, Column
from services.workbook.writing import SYNTHETIC_MARK

SHEET_KEYS = ("firms", "funds", "deals")
_READERS = ("fund_manager", "fund_analyst", "supervisor", "auditor")


@dataclass(frozen=True)
class ExportRoom(export_service_pb2_grpc.FundingExportServiceServicer):
    """The servicer."""

    house: House
    catalogue: Catalogue
    screens: Screens
    redactor: Redactor

    async def ExportRecords(
        self, request: wire.ExportRecordsRequest, context: Any
    ) -> AsyncIterator[wire.ExportRecordsResponse]:
        """A file, made whole and registered, then sent piece by piece."""
        call = current_call()
        async with made(partial(self._make, request, call)) as (entry, file):
            yield wire.ExportRecordsResponse(export=entry)
            file.seek(0)
            while piece := await asyncio.to_thread(file.read, PIECE):
                yield wire.ExportRecordsResponse(data=piece)

    def ListExports(self, request: wire.ListExportsRequest, context: Any) -> wire.ListExportsResponse:
        """The register."""
        call, table = current_call(), schema.exports.register
        everywhere = call.principal.cities(_READERS, call.arrived) is None
        mine = () if everywhere else (table.c.created_by == call.principal.subject,)
        query = Query(request.filter, "", request.page_size, request.page_token)
        with self.house.database.read() as session:
            page = lists.exports().page(
                session, schema.exports.kind, query, self.house.pages, call.principal.subject, *mine
            )
            sums = _sums_of(session, [each.id for each in page.items])
        return wire.ListExportsResponse(
            exports=[_entry(each, sums.get(each.id, {})) for each in page.items],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def _make(
        self, request: wire.ExportRecordsRequest, call: Call, stack: ExitStack
    ) -> tuple[wire.Export, IO[bytes]]:
        """The file and its entry, which is in the register when this returns."""
        columns = _columns(request)
        form = wire.ExportFormat.Name(request.format).removeprefix("EXPORT_FORMAT_")
        rows = stack.enter_context(ExportRows([column.key for column in columns]))
        source = Source(self.catalogue, self.screens, self.redactor, self.house.clock, call)
        sums, content = Counter[str](), hashlib.sha256()
        shown = set(rows.keys)
        with self.house.database.read() as session:
            for line in source.lines(session, request):
                rows.add(line.cells)
                sums.update({key: fen for key, fen in line.amounts.items() if key in shown})
                content.update("\x1f".join(line.cells.get(key, "") for key in rows.keys).encode() + b"\x1e")
            fund = (
                session.get_one(Fund, id_of(request.fund, "funds", field="fund")).name if request.fund else ""
            )
        require_fits(form, rows.count)
        id_, file = self.house.ids.new(), stack.enter_context(temporary())
        cover = _cover(id_, request, fund, call, rows, (sums, content.hexdigest()))
        layout = Layout(SHEETS[request.sheet].title_zh, columns, {}, cover)
        write(file, form, layout, rows, " · ".join(f"{name} {value}" for name, value in cover))
        export = schema.exports.kind(
            id=id_,
            created_at=call.arrived,
            created_by=call.principal.subject,
            purpose=call.purpose or "",
            reason=request.reason,
            sheet=request.sheet,
            filter=_asked(request),
            columns=tuple(rows.keys),
            form=form,
            rows=rows.count,
            sha256=digest(file),
            size=file.tell(),
        )
        entry = _entry(export, sums)
        self._register(call, export, sums)
        return entry, file

    def _register(self, call: Call, export: Export, sums: Mapping[str, int]) -> None:
        detail: dict[str, object] = {"count": export.rows, "sha256": export.sha256, "sheet": export.sheet}
        rows = [{"export_id": export.id, "column": key, "fen": str(fen)} for key, fen in sums.items()]
        with self.house.database.write() as session:
            session.add(export)
            session.flush()
            if rows:
                session.execute(insert(schema.export_sum), rows)
            self.house.audit.append(session, entry_of(call, "export", f"exports/{export.id}", "done", detail))


def _columns(request: wire.ExportRecordsRequest) -> list[Column]:
    """Raises InvalidArgument for an unknown sheet or column, or a fund beside another sheet than deals."""
    if request.fund and request.sheet != "deals":
        raise InvalidArgument.field(
            "fund",
            "FUND_OF_DEALS_ONLY",
            "按基金筛选的导出只有项目表（deals）",
            "the screening of a fund is exported as deals",
        )
    screened = bool(request.fund)
    known = {sheet: list(keys_of(columns_of(sheet, screened=screened))) for sheet in SHEET_KEYS}
    by_key = (
        {c.key: c for c in columns_of(request.sheet, screened=screened)} if request.sheet in known else {}
    )
    return chosen_columns(request.sheet, request.columns, known, by_key)


def _asked(request: wire.ExportRecordsRequest, fund: str = "") -> str:
    """What was asked for; a fund by `fund`, what it is called, where people read it."""
    return asked(
        f"{fund or request.fund} 筛选" if request.fund else "",
        request.filter,
        f"排序 {request.order_by}" if request.order_by else "",
    )


def _cover(
    id_: str,
    request: wire.ExportRecordsRequest,
    fund: str,
    call: Call,
    rows: ExportRows,
    totals: tuple[Mapping[str, int], str],
) -> Sequence[tuple[str, str]]:
    """Where the file comes from and what it holds, in words that travel with it. `fund`: what it is called, if one
    is asked for.
    """
    at, by_key = call.arrived.astimezone(CIVIL_ZONE), SHEETS[request.sheet].by_key
    sums, content = totals
    return [
        *([("数据性质", SYNTHETIC_MARK)] if rows.synthetic else []),
        ("导出", f"exports/{id_}"),
        ("数据时点", f"{at:%Y-%m-%d %H:%M}"),
        ("导出人", call.principal.subject),
        ("用途", f"{purpose_named(call.purpose).zh}；事由：{request.reason or '未写'}"),
        *([("基金", fund)] if fund else []),
        ("筛选", _asked(request, fund) or "全部"),
        ("条数", str(rows.count)),
        *((f"{by_key[key].header_zh}合计", f"{wan(fen)}（{fen} 分）") for key, fen in sums.items()),
        ("内容SHA-256", content),
        ("使用限制", "内部资料，按用途使用，不得转发"),
    ]


def _entry(export: Export, sums: Mapping[str, int]) -> wire.Export:
    entry = export_to_wire(export, wire.Export)
    entry.sums.extend(wire.Export.Sum(column=key, sum_fen=str(fen)) for key, fen in sorted(sums.items()))
    return entry


def _sums_of(session: Session, ids: Sequence[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    table = schema.export_sum
    query = select(table).where(table.c.export_id.in_(ids)).order_by(table.c.export_id, table.c.column)
    for row in session.execute(query):
        found.setdefault(row.export_id, {})[row.column] = int(row.fen)
    return found
