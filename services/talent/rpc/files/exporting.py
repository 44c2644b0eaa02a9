"""TalentExportService: files of records, each in the register before its first byte leaves."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

from google.protobuf.message import Message
from sqlalchemy.orm import Session

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
    chosen_columns,
    digest,
    export_to_wire,
    made,
    portions,
    require_fits,
    temporary,
    write,
)
from services.chassis.storage.bulk import add_rows
from services.chassis.storage.listing import Query
from services.kernel.clock import CIVIL_ZONE
from services.talent.domain.evidence.record import Evidence, EvidenceState
from services.talent.domain.four_eyes import Act, Intent
from services.talent.domain.move import Move
from services.talent.domain.person import Person
from services.talent.domain.position import Position
from services.talent.domain.team import Team
from services.talent.domain.training import TrainingPlace
from services.talent.rpc.files.export_cells import FIELDS, Cells
from services.talent.rpc.people.evidence_wire import record_to_wire
from services.talent.rpc.people.moves import move_to_wire
from services.talent.rpc.people.persons import PersonDesk
from services.talent.rpc.people.team_wire import team_to_wire
from services.talent.rpc.people.training import place_to_wire
from services.talent.rpc.positions.position_wire import outcome_to_wire, position_to_wire
from services.talent.service.imports.outcomes import ref_of
from services.talent.service.privacy.approving import Approving
from services.talent.store import lists, repository, schema
from services.talent.store.people import evidence, flow_lists
from services.talent.store.positions import outcomes_of
from services.wording.codes import purpose_named
from services.workbook.choices import ORIGIN, label_zh
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
        source = _Source(self.house, self.catalogue, self.desk, self.redactor, call)
        with self.house.database.read() as session:
            for record in source.records(session, request.sheet, request.filter):
                rows.add(record.cells, person=record.person, masked=record.masked, revealed=record.revealed)
            self.approving.require(session, _intent(call, request.sheet, request.filter, rows))
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
            filter=request.filter,
            columns=tuple(column.key for column in columns),
            form=form,
            rows=rows.count,
            sha256=digest(file),
            size=file.tell(),
        )
        self._register(call, export, rows)
        return export, file

    def _register(self, call: Call, export: Export, rows: ExportRows) -> None:
        detail: dict[str, object] = {
            "count": export.rows,
            "sha256": export.sha256,
            "fields": _revealed(rows, export.sheet),
        }
        with within_budget(self.house, call, _shown(rows)) as session:
            intent = _intent(call, export.sheet, export.filter, rows)
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
            for persons in portions(session, Person, schema.person, lists.persons(self.catalogue), filter_):
                for each in self.desk.shown(session, self.call, persons):
                    yield self._person(each, cells)
        elif sheet == "teams":
            for teams in portions(session, Team, schema.team, lists.teams(self.catalogue), filter_):
                shown_as = repository.shown_as(session, teams)
                found = [team_to_wire(team, shown_as) for team in teams]
                refs = _refs(session, found)
                yield from (_Record(cells.of_team(self._seen(each)[0], refs)) for each in found)
        elif sheet == "outcomes":
            listing = lists.positions(self.catalogue)
            for positions in portions(session, Position, schema.position, listing, filter_):
                yield from self._outcomes(session, positions, cells)
        elif sheet == "training":
            listing = flow_lists.training_places(self.catalogue)
            for places in portions(session, TrainingPlace, schema.training_place, listing, filter_):
                yield from (_Record(cells.of_training(self._seen(place_to_wire(each))[0])) for each in places)
        elif sheet == "moves":
            for moves in portions(session, Move, schema.move, flow_lists.moves(self.catalogue), filter_):
                yield from self._moves(session, moves, cells)
        elif sheet == "evidence":
            listing = evidence.listing(self.catalogue)
            for records in portions(session, Evidence, schema.evidence, listing, filter_):
                yield from self._evidence(session, records, cells)
        else:
            listing = lists.positions(self.catalogue)
            for positions in portions(session, Position, schema.position, listing, filter_):
                for position in positions:
                    yield _Record(cells.of_position(self._seen(position_to_wire(position))[0]))

    def _outcomes(self, session: Session, positions: Sequence[Position], cells: Cells) -> Iterator[_Record]:
        """Those that stand. One that names somebody is of that person for those who may see who."""
        of = {each.id: each for each in positions}
        found = outcomes_of(session, list(of))
        refs = repository.refs_of(session, sorted({each.person_id for each in found if each.person_id}))
        by_name = {f"persons/{id_}": ref for id_, ref in refs.items()}
        for each in found:
            position = of[each.position_id]
            seen, revealed = self._seen(outcome_to_wire(each, position))
            written = cells.of_outcome(seen, ref_of(each), position.ref, by_name)
            written["origin"] = label_zh(ORIGIN, position.origin)
            yield _Record(written, each.person_id or "" if seen.person else "", revealed=revealed)

    def _moves(self, session: Session, moves: Sequence[Move], cells: Cells) -> Iterator[_Record]:
        """A move is of somebody only for those who may see who; taken-back ones are left out."""
        found = [(each.person_id or "", move_to_wire(each)) for each in moves if each.voided_at is None]
        refs = repository.refs_of(session, sorted({id_ for id_, _ in found if id_}))
        by_name = {f"persons/{id_}": ref for id_, ref in refs.items()}
        for id_, move in found:
            seen, revealed = self._seen(move)
            yield _Record(cells.of_move(seen, by_name), id_ if seen.person else "", revealed=revealed)

    def _evidence(self, session: Session, records: Sequence[Evidence], cells: Cells) -> Iterator[_Record]:
        """Records taken back are left out. One of a talent is that person's."""
        found = [each for each in records if each.state is not EvidenceState.VOIDED]
        refs = repository.subject_refs(session, {each.subject for each in found if each.subject})
        for each in found:
            seen, revealed = self._seen(record_to_wire(each))
            person = seen.subject.partition("persons/")[2]
            yield _Record(cells.of_evidence(seen, refs), person, revealed=revealed)

    def _person(self, person: Any, cells: Cells) -> _Record:
        seen, revealed = self._seen(person)
        masked = seen.display_name != person.display_name
        return _Record(cells.of_person(seen), person.name.removeprefix("persons/"), masked, revealed)

    def _seen(self, message: Message) -> tuple[Any, frozenset[str]]:
        redaction = self.redactor.redact(message, self.call.clearance)
        return redaction.message, redaction.revealed


def _shown(rows: ExportRows) -> set[str]:
    """Of whom the file tells more than INTERNAL fields."""
    return set(rows.people()) if rows.fields else set()


def _intent(call: Call, sheet: str, filter_: str, rows: ExportRows) -> Intent:
    """What the caller takes away, as a second person approves it."""
    return Intent(
        account=call.principal.subject,
        act=Act.EXPORT,
        sheet=sheet,
        purpose=call.purpose or "",
        filter=filter_.strip(),
        people=len(_shown(rows)),
    )


def _revealed(rows: ExportRows, sheet: str) -> list[str]:
    """Fields beyond INTERNAL that the file shows of anybody, among its columns."""
    shown = {FIELDS[sheet].get(key) for key in rows.keys}
    return sorted(field for field in rows.fields if field in shown)


def _refs(session: Session, teams: Sequence[Any]) -> dict[str, str]:
    """Source numbers of all who lead or work in these teams, by resource name."""
    names = {name for team in teams for name in (team.lead, *team.members)}
    ids = sorted(name.removeprefix("persons/") for name in names)
    return {f"persons/{id_}": ref for id_, ref in repository.refs_of(session, ids).items()}
