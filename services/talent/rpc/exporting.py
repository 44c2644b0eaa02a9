"""TalentExportService: files of records, each in the register before its first byte leaves."""

import asyncio
import hashlib
import marshal
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, cast

from google.protobuf.message import Message
from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.orm import Session

from bole.talent.v1 import export_service_pb2 as wire
from bole.talent.v1 import export_service_pb2_grpc
from services.catalogue import Catalogue
from services.chassis.bulk import add_rows
from services.chassis.house import House
from services.chassis.listing import Listing, Query
from services.chassis.redaction import Redactor
from services.chassis.reveals import entry_of
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.spool import spooling
from services.chassis.rpc.wire import instant_to_wire
from services.kernel.clock import CIVIL_ZONE
from services.kernel.errors import InvalidArgument
from services.talent.domain.export import Export
from services.talent.domain.person import Person
from services.talent.domain.position import Position
from services.talent.domain.team import Team
from services.talent.rpc.export_cells import FIELDS, Cells
from services.talent.rpc.persons import PersonDesk
from services.talent.rpc.position_wire import position_to_wire
from services.talent.rpc.team_wire import team_to_wire
from services.talent.store import lists, repository, schema
from services.workbook.exporting import Layout, write_csv_to, write_xlsx_to
from services.workbook.sheets import SHEETS, Column
from services.workbook.writing import SYNTHETIC_MARK

_AT_ONCE = 500
_IN_MEMORY = 4 * 1024 * 1024
_PIECE = 512 * 1024
_XLSX_ROWS = 200_000
_READERS = ("talent_officer", "auditor")
_MASKED = {"name": "脱敏姓名"}


@dataclass(frozen=True)
class ExportRoom(export_service_pb2_grpc.TalentExportServiceServicer):
    """The servicer."""

    house: House
    catalogue: Catalogue
    desk: PersonDesk
    redactor: Redactor

    async def ExportRecords(
        self, request: wire.ExportRecordsRequest, context: Any
    ) -> AsyncIterator[wire.ExportRecordsResponse]:
        """A file, made whole and registered, then sent piece by piece."""
        call = current_call()
        with ExitStack() as stack:
            export, file = await asyncio.to_thread(self._make, request, call, stack)
            yield wire.ExportRecordsResponse(export=export_to_wire(export))
            file.seek(0)
            while piece := await asyncio.to_thread(file.read, _PIECE):
                yield wire.ExportRecordsResponse(data=piece)

    def ListExports(self, request: wire.ListExportsRequest, context: Any) -> wire.ListExportsResponse:
        """The register."""
        call, table = current_call(), schema.export_register
        everywhere = call.principal.cities(_READERS, call.arrived) is None
        mine = () if everywhere else (table.c.created_by == call.principal.subject,)
        query = Query(request.filter, "", request.page_size, request.page_token)
        with self.house.database.read() as session:
            page = lists.exports().page(
                session, Export, query, self.house.pages, call.principal.subject, *mine
            )
        return wire.ListExportsResponse(
            exports=[export_to_wire(each) for each in page.items],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def _make(
        self, request: wire.ExportRecordsRequest, call: Call, stack: ExitStack
    ) -> tuple[Export, IO[bytes]]:
        """The file and its entry, which is in the register when this returns."""
        columns = _columns(request)
        rows = stack.enter_context(_Rows([column.key for column in columns]))
        source = _Source(self.house, self.catalogue, self.desk, self.redactor, call)
        with self.house.database.read() as session:
            for record in source.records(session, request.sheet, request.filter):
                rows.add(record)
        if request.format == wire.EXPORT_FORMAT_XLSX and rows.count > _XLSX_ROWS:
            raise InvalidArgument.field(
                "format",
                "TOO_MANY_ROWS_FOR_XLSX",
                f"共{rows.count:,}行，XLSX最多{_XLSX_ROWS:,}行，请改用CSV或缩小筛选范围",
                f"{rows.count:,} rows, XLSX takes at most {_XLSX_ROWS:,}; choose CSV or a narrower filter",
            )
        id_, file = self.house.ids.new(), stack.enter_context(_temporary())
        layout = Layout(SHEETS[request.sheet].title_zh, columns, _MASKED if rows.masked else {})
        with spooling():
            _write(file, request.format, layout, rows, self._origin(id_, request, call, rows))
        export = Export(
            id=id_,
            created_at=call.arrived,
            created_by=call.principal.subject,
            purpose=call.purpose or "",
            reason=request.reason,
            sheet=request.sheet,
            filter=request.filter,
            columns=tuple(column.key for column in columns),
            form=wire.ExportFormat.Name(request.format).removeprefix("EXPORT_FORMAT_"),
            rows=rows.count,
            sha256=_digest(file),
            size=file.tell(),
        )
        self._register(call, export, rows)
        return export, file

    def _register(self, call: Call, export: Export, rows: "_Rows") -> None:
        detail: dict[str, object] = {"count": export.rows, "sha256": export.sha256, "fields": rows.revealed()}
        with self.house.database.write() as session:
            session.add(export)
            session.flush()
            people = ((person, export.id) for person in rows.people())
            add_rows(session, schema.export_person, ("person_id", "export_id"), people)
            entry = entry_of(call, "export", f"exports/{export.id}", "done", detail)
            self.house.audit.append(session, entry)

    def _origin(self, id_: str, request: wire.ExportRecordsRequest, call: Call, rows: "_Rows") -> str:
        """The line above the headers: where the file comes from, in words that travel with it."""
        at = call.arrived.astimezone(CIVIL_ZONE)
        parts = [
            *([SYNTHETIC_MARK] if rows.synthetic else []),
            f"导出 exports/{id_}",
            f"{at:%Y-%m-%d %H:%M}",
            f"导出人 {call.principal.subject}",
            f"用途 {call.purpose or '未声明'}：{request.reason}",
            f"筛选 {request.filter or '全部'}",
            f"{rows.count} 条",
            "内部资料，按用途使用，不得转发",
        ]
        return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class _Record:
    """One record as it may be shown. `person`: whose it is, if anybody's."""

    cells: Mapping[str, str]
    person: str = ""
    masked: bool = False
    revealed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Source:
    """The records of one export, as its caller may see them."""

    house: House
    catalogue: Catalogue
    desk: PersonDesk
    redactor: Redactor
    call: Call

    def records(self, session: Session, sheet: str, filter_: str) -> Iterator[_Record]:
        """All records that the list with this filter shows, a portion at a time. Raises as the list does."""
        cells = Cells(self.catalogue)
        if sheet == "persons":
            for persons in _portions(session, Person, schema.person, lists.persons(self.catalogue), filter_):
                for each in self.desk.shown(session, self.call, persons):
                    yield self._person(each, cells)
        elif sheet == "teams":
            for teams in _portions(session, Team, schema.team, lists.teams(self.catalogue), filter_):
                shown_as = repository.shown_as(session, teams)
                found = [team_to_wire(team, shown_as) for team in teams]
                refs = _refs(session, found)
                yield from (_Record(cells.of_team(self._seen(each)[0], refs)) for each in found)
        else:
            listing = lists.positions(self.catalogue)
            for positions in _portions(session, Position, schema.position, listing, filter_):
                for position in positions:
                    yield _Record(cells.of_position(self._seen(position_to_wire(position))[0]))

    def _person(self, person: Any, cells: Cells) -> _Record:
        seen, revealed = self._seen(person)
        masked = seen.display_name != person.display_name
        return _Record(cells.of_person(seen), person.name.removeprefix("persons/"), masked, revealed)

    def _seen(self, message: Message) -> tuple[Any, frozenset[str]]:
        redaction = self.redactor.redact(message, self.call.clearance)
        return redaction.message, redaction.revealed


class _Rows:
    """The rows of one export, kept aside until the file can say how many there are."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = keys
        self._file = _temporary()
        self._people = _temporary()
        self._fields: set[str] = set()
        self.count = 0
        self.masked = self.synthetic = False

    def __enter__(self) -> "_Rows":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._people.close()

    def add(self, record: _Record) -> None:
        with spooling():
            self._file.write(marshal.dumps([record.cells.get(key, "") for key in self._keys]))
            if record.person:
                self._people.write(f"{record.person}\n".encode())
        self.count += 1
        self.masked = self.masked or record.masked
        self.synthetic = self.synthetic or record.cells.get("origin") == "演示数据"
        self._fields |= record.revealed

    def revealed(self) -> list[str]:
        """Fields beyond INTERNAL that the file shows of anybody, among its columns."""
        shown = {FIELDS["persons"].get(key) for key in self._keys}
        return sorted(field for field in self._fields if field in shown)

    def people(self) -> Iterator[str]:
        self._people.seek(0)
        return (line.decode().strip() for line in cast(Iterable[bytes], self._people))

    def __iter__(self) -> Iterator[list[str]]:
        self._file.seek(0)
        # Only what `add` has written to this nameless file is read back.
        return (marshal.load(cast(BinaryIO, self._file)) for _ in range(self.count))  # noqa: S302


def export_to_wire(export: Export) -> wire.Export:
    """The entry."""
    return wire.Export(
        name=f"exports/{export.id}",
        create_time=instant_to_wire(export.created_at),
        creator=export.created_by,
        purpose=export.purpose,
        reason=export.reason,
        sheet=export.sheet,
        filter=export.filter,
        columns=export.columns,
        format=f"EXPORT_FORMAT_{export.form}",
        row_count=export.rows,
        sha256=export.sha256,
        size_bytes=export.size,
        filename=export.filename,
    )


def _columns(request: wire.ExportRecordsRequest) -> list[Column]:
    """Raises InvalidArgument for an unknown sheet or column."""
    if request.sheet not in FIELDS:
        known = ", ".join(FIELDS)
        raise InvalidArgument.field(
            "sheet", "UNKNOWN_SHEET", f"没有这张表，可选：{known}", f"no such sheet; choose {known}"
        )
    known_keys = FIELDS[request.sheet]
    for key in request.columns:
        if key not in known_keys:
            listed = ", ".join(known_keys)
            raise InvalidArgument.field(
                "columns",
                "UNKNOWN_COLUMN",
                f"没有列 {key[:40]}，可选：{listed}",
                f"no column {key[:40]}; use {listed}",
            )
    by_key = SHEETS[request.sheet].by_key
    return [by_key[key] for key in dict.fromkeys(request.columns or known_keys)]


def _portions(
    session: Session, aggregate: type[Any], table: Table, listing: Listing, filter_: str
) -> Iterator[list[Any]]:
    """All that match, by id, in memory that does not grow."""
    condition: ColumnElement[bool] = listing.condition(filter_)
    last = ""
    while True:
        query = select(aggregate).where(condition, table.c.id > last).order_by(table.c.id).limit(_AT_ONCE)
        found = list(session.scalars(query))
        if not found:
            return
        last = found[-1].id
        yield found
        session.expunge_all()


def _refs(session: Session, teams: Sequence[Any]) -> dict[str, str]:
    """Source numbers of all who lead or work in these teams, by resource name."""
    names = {name for team in teams for name in (team.lead, *team.members)}
    ids = sorted(name.removeprefix("persons/") for name in names)
    return {f"persons/{id_}": ref for id_, ref in repository.refs_of(session, ids).items()}


def _temporary() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)


def _write(file: IO[bytes], form: int, layout: Layout, rows: "_Rows", origin: str) -> None:
    if form == wire.EXPORT_FORMAT_XLSX:
        write_xlsx_to(cast(BinaryIO, file), layout, rows, origin)
    else:
        encoding = "gb18030" if form == wire.EXPORT_FORMAT_CSV_GB18030 else "utf-8"
        write_csv_to(cast(BinaryIO, file), layout, rows, origin, encoding)


def _digest(file: IO[bytes]) -> str:
    """SHA-256 of the whole file, which is left at its end."""
    file.seek(0)
    found = hashlib.sha256()
    while piece := file.read(_PIECE):
        found.update(piece)
    return found.hexdigest()
