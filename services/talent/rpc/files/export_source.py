"""The records of one export, as its caller may see them: the query of their list, in its order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from google.protobuf.message import Message
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from bole.talent.v1 import export_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.redaction import Redactor
from services.chassis.rpc.call import Call
from services.chassis.storage.listing import Listing
from services.kernel.errors import InvalidArgument
from services.talent.domain.evidence.record import Evidence, EvidenceState
from services.talent.domain.flows.move import Move
from services.talent.domain.flows.training import TrainingPlace
from services.talent.domain.people.person import Person
from services.talent.domain.people.team import Team
from services.talent.domain.position import Position
from services.talent.rpc.files.export_cells import Cells
from services.talent.rpc.people.evidence_wire import record_to_wire
from services.talent.rpc.people.moves import move_to_wire
from services.talent.rpc.people.persons import PersonDesk
from services.talent.rpc.people.team_wire import team_to_wire
from services.talent.rpc.people.training import place_to_wire
from services.talent.rpc.positions.position_wire import outcome_to_wire, position_to_wire
from services.talent.service.finding.search import Search
from services.talent.service.imports.outcomes import ref_of
from services.talent.store import lists, repository
from services.talent.store.people import evidence, flow_lists
from services.talent.store.positions import outcomes_of
from services.workbook.choices import ORIGIN, label_zh


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it may be shown. `person`: whose it is, if anybody's."""

    cells: Mapping[str, str]
    person: str = ""
    masked: bool = False
    revealed: frozenset[str] = frozenset()


class _Sheet(NamedTuple):
    """What a sheet is of: the class, its list, and its records in some of them."""

    kind: type[Any]
    listing: Listing
    records: Callable[[Session, Sequence[Any], Cells], Iterator[Record]]


@dataclass(frozen=True)
class Source:
    """The records of one export, as its caller may see them."""

    catalogue: Catalogue
    desk: PersonDesk
    search: Search
    redactor: Redactor
    call: Call

    def records(self, session: Session, request: wire.ExportRecordsRequest) -> Iterator[Record]:
        """All records that the list with this filter and these words shows, in its order. Raises as the list does."""
        sheet, cells = self._sheet(session, request), Cells(self.catalogue)
        found = self._found(session, request)
        for some in sheet.listing.everything(session, sheet.kind, request.filter, request.order_by, *found):
            yield from sheet.records(session, some, cells)

    def _found(self, session: Session, request: wire.ExportRecordsRequest) -> list[ColumnElement[bool]]:
        """What the words ask of a record. Raises InvalidArgument (WORDS_NOT_SEARCHED)."""
        if not request.query:
            return []
        if request.sheet == "persons":
            return self.search.people_found(session, request.query, self.call.clearance)
        if request.sheet == "positions":
            return self.search.positions_found(session, request.query)
        raise InvalidArgument.field(
            "query",
            "WORDS_NOT_SEARCHED",
            "只有人才与岗位可按文字查找导出，其他请用筛选条件",
            "only persons and positions are found by words; use a filter",
        )

    def _sheet(self, session: Session, request: wire.ExportRecordsRequest) -> _Sheet:
        known, search, name, order = self.catalogue, self.search, request.sheet, request.order_by
        if name == "persons":
            near = request.query and not order.strip()
            listing = (
                search.people_by_nearness(session, request.query, self.call.clearance)
                if near
                else search.people_for(order, self.call.clearance)
            )
            return _Sheet(Person, listing, self._persons)
        return {
            "teams": _Sheet(Team, lists.teams(known), self._teams),
            "positions": _Sheet(Position, search.positions, self._positions),
            "outcomes": _Sheet(Position, search.positions, self._outcomes),
            "training": _Sheet(TrainingPlace, flow_lists.training_places(known), self._training),
            "moves": _Sheet(Move, flow_lists.moves(known), self._moves),
            "evidence": _Sheet(Evidence, evidence.listing(known), self._evidence),
        }[name]

    def _persons(self, session: Session, persons: Sequence[Person], cells: Cells) -> Iterator[Record]:
        for each in self.desk.shown(session, self.call, persons):
            seen, revealed = self._seen(each)
            masked = seen.display_name != each.display_name
            yield Record(cells.of_person(seen), each.name.removeprefix("persons/"), masked, revealed)

    def _teams(self, session: Session, teams: Sequence[Team], cells: Cells) -> Iterator[Record]:
        shown_as = repository.shown_as(session, teams)
        found = [team_to_wire(team, shown_as) for team in teams]
        refs = _refs(session, found)
        yield from (Record(cells.of_team(self._seen(each)[0], refs)) for each in found)

    def _positions(self, _: Session, positions: Sequence[Position], cells: Cells) -> Iterator[Record]:
        yield from (Record(cells.of_position(self._seen(position_to_wire(each))[0])) for each in positions)

    def _training(self, _: Session, places: Sequence[TrainingPlace], cells: Cells) -> Iterator[Record]:
        yield from (Record(cells.of_training(self._seen(place_to_wire(each))[0])) for each in places)

    def _outcomes(self, session: Session, positions: Sequence[Position], cells: Cells) -> Iterator[Record]:
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
            yield Record(written, each.person_id or "" if seen.person else "", revealed=revealed)

    def _moves(self, session: Session, moves: Sequence[Move], cells: Cells) -> Iterator[Record]:
        """A move is of somebody only for those who may see who; taken-back ones are left out."""
        found = [(each.person_id or "", move_to_wire(each)) for each in moves if each.voided_at is None]
        refs = repository.refs_of(session, sorted({id_ for id_, _ in found if id_}))
        by_name = {f"persons/{id_}": ref for id_, ref in refs.items()}
        for id_, move in found:
            seen, revealed = self._seen(move)
            yield Record(cells.of_move(seen, by_name), id_ if seen.person else "", revealed=revealed)

    def _evidence(self, session: Session, records: Sequence[Evidence], cells: Cells) -> Iterator[Record]:
        """Records taken back are left out. One of a talent is that person's."""
        found = [each for each in records if each.state is not EvidenceState.VOIDED]
        refs = repository.subject_refs(session, {each.subject for each in found if each.subject})
        for each in found:
            seen, revealed = self._seen(record_to_wire(each))
            person = seen.subject.partition("persons/")[2]
            yield Record(cells.of_evidence(seen, refs), person, revealed=revealed)

    def _seen(self, message: Message) -> tuple[Any, frozenset[str]]:
        redaction = self.redactor.redact(message, self.call.clearance)
        return redaction.message, redaction.revealed


def _refs(session: Session, teams: Sequence[Any]) -> dict[str, str]:
    """Source numbers of all who lead or work in these teams, by resource name."""
    names = {name for team in teams for name in (team.lead, *team.members)}
    ids = sorted(name.removeprefix("persons/") for name in names)
    return {f"persons/{id_}": ref for id_, ref in repository.refs_of(session, ids).items()}
