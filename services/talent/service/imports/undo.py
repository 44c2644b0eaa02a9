"""Taking an import back: what it made is gone, what it changed is as before, what changed since is left alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.chassis.imports.batch import Batch, RowOutcome
from services.chassis.imports.outcomes import said_of
from services.chassis.imports.undone import CHANGED_SINCE, GONE, IN_USE, MERGED, Undone
from services.chassis.log.topics import POSITIONS, TEAMS
from services.chassis.outbox.journal import Change
from services.chassis.policy import require_granted
from services.chassis.storage.chunks import chunks
from services.chassis.storage.snapshots import restore
from services.kernel.errors import FailedPrecondition
from services.talent.domain.evidence.record import Evidence
from services.talent.domain.flows.move import Move
from services.talent.domain.flows.training import TrainingPlace
from services.talent.domain.people.person import Person
from services.talent.domain.people.team import Team
from services.talent.domain.position import OutcomeKind, Position
from services.talent.service.imports.lost_moves import bring_back
from services.talent.service.people.people import People
from services.talent.service.positions.positions import Positions
from services.talent.service.privacy.erasing import Erasing
from services.talent.service.shortage.counting import Counter
from services.talent.store import repository, schema
from services.talent.store.imports import imports
from services.talent.store.positions import outcome as outcome_of
from services.talent.store.positions import repeating

UNDONE = "导入撤销 import undone"
_WITHOUT_HISTORY = (Move, TrainingPlace, Evidence)


@dataclass(frozen=True)
class Undo:
    """The use case. Moves go first, people last, because each may name those after it."""

    people: People
    positions: Positions
    counter: Counter

    def run(self, session: Session, batch: Batch, actor: str, cities: frozenset[str] | None) -> Undone:
        """Take back what can be, within the transaction of `session`.

        Raises FailedPrecondition (NOTHING_TO_UNDO), PermissionDenied for records outside `cities`.
        """
        batch.require_undoable()
        self.counter.bulk(session)  # before anything is written that counts
        done = Undone()
        ours = self._outcomes(session, batch, done, actor, cities)
        back: tuple[tuple[str, type[Any], Callable[..., None]], ...] = (
            ("evidence", Evidence, self._evidence),
            ("moves", Move, self._flows),
            ("training", TrainingPlace, self._flows),
            ("positions", Position, self._positions),
            ("teams", Team, self._teams),
            ("persons", Person, self._persons),
        )
        for sheet, aggregate, take_back in back:
            entity = aggregate.__name__.lower()
            for written in schema.imports.written_rows(session, batch.id, sheet):
                ids = [row.resource_id for row in written]
                back_already = schema.taken_back.spans(session, entity, ids)
                rows = [row for row in written if (row.resource_id, row.version) not in back_already]
                found = {each.id: each for each in _loaded(session, aggregate, ids)}
                for each in found.values():
                    require_granted(cities, each.city)
                since = _changed_since(session, aggregate, rows, found, batch.ended_at or batch.heard_at)
                since -= ours if sheet == "positions" else set()
                free = list(self._free(session, sheet, rows, found.keys(), since, done))
                made = [found[row.resource_id] for row in free if row.outcome is RowOutcome.NEW]
                changed = [(found[r.resource_id], r.detail) for r in free if r.outcome is RowOutcome.CHANGED]
                take_back(session, batch.id, made, changed, actor)
                first = {row.resource_id: row.version for row in free}
                spans = ((each.id, first[each.id], each.version) for each, _ in changed)
                schema.taken_back.note(session, entity, spans)
                done.removed += len(made)
                done.restored += len(changed)
                self.counter.fold(session)
                session.expunge_all()
        return done

    def _outcomes(
        self, session: Session, batch: Batch, done: Undone, actor: str, cities: frozenset[str] | None
    ) -> set[str]:
        """Take outcomes back, the last one first; the positions that nobody else has changed since the import."""
        rows = [row for some in schema.imports.written_rows(session, batch.id, "outcomes") for row in some]
        named = {row.resource_id.partition("/")[0] for row in rows}
        since: set[str] = set()
        for some in chunks(sorted(named)):
            since |= schema.taken_back.changed_since(
                session, "position", some, batch.ended_at or batch.heard_at
            )
        first: dict[str, int] = {}
        for row in reversed(rows):
            position = row.resource_id.partition("/")[0]
            if reason := self._taken_back(session, row.resource_id, actor, cities):
                done.keep("outcomes", row, reason)
                since |= {position} if reason != GONE else set()
            else:
                done.removed += 1
                first[position] = min(row.version, first.get(position, row.version))
        back = [self.positions.get(session, id_) for id_ in first.keys() - since]
        schema.taken_back.note(
            session, "position", ((each.id, first[each.id], each.version) for each in back)
        )
        self.counter.fold(session)
        session.expunge_all()
        return named - since

    def _taken_back(
        self, session: Session, name: str, actor: str, cities: frozenset[str] | None
    ) -> str | None:
        """Void a fill or a refusal, or look again after a withdrawal; why not, if that cannot be."""
        position_id, _, number = name.partition("/")
        outcome = outcome_of(session, position_id, int(number))
        if outcome is None or not outcome.stands:
            return GONE
        position = self.positions.get(session, position_id)
        require_granted(cities, position.city)
        if outcome.kind.is_fill or outcome.kind is OutcomeKind.PROPOSAL_REFUSED:
            self.positions.void(session, position, outcome.number, UNDONE, actor)
            return None
        try:
            self.positions.reopen(session, position, UNDONE, actor)
        except FailedPrecondition:
            return CHANGED_SINCE
        return None

    def _free(
        self,
        session: Session,
        sheet: str,
        rows: Sequence[Row[Any]],
        present: Any,
        since: set[str],
        done: Undone,
    ) -> Iterator[Row[Any]]:
        """The rows whose records can be taken back; the others are noted as kept."""
        ids = [row.resource_id for row in rows]
        made = [row.resource_id for row in rows if row.outcome is RowOutcome.NEW]
        used = _in_use(session, made) if sheet == "persons" else set()
        merged = imports.merged(session, ids) if sheet == "persons" else set()
        for row in rows:
            id_ = row.resource_id
            reason = (
                MERGED
                if id_ in merged
                else GONE
                if id_ not in present
                else CHANGED_SINCE
                if id_ in since
                else IN_USE
                if id_ in used
                else None
            )
            if reason is None:
                yield row
            else:
                done.keep(sheet, row, reason)

    def _persons(
        self, session: Session, batch: str, made: list[Any], changed: list[tuple[Any, bytes]], actor: str
    ) -> None:
        self.people.take_back(session, [person for person, _ in changed], batch, actor)
        bring_back(session, self.people, changed)
        Erasing(self.people).remove(session, made, actor)

    def _positions(
        self, session: Session, _: str, made: list[Any], changed: list[tuple[Any, bytes]], actor: str
    ) -> None:
        now = self.positions.clock.now()
        for position, detail in changed:
            restore(schema.position, position, said_of(detail)["before"])
            position.updated_at = now
        gone = {position.id for position in made}
        left = [each for each in repeating(session, sorted(gone)) if each.id not in gone]
        _tombstones(self.people, session, POSITIONS, made, actor)
        self.positions.changed(session, [position for position, _ in changed], actor, left)

    def _flows(
        self,
        session: Session,
        _: str,
        made: list[Any],
        changed: list[tuple[Any, bytes]],
        actor: str,  # noqa: ARG002 (as of all sheets)
    ) -> None:
        now = self.people.clock.now()
        for place, detail in changed:
            restore(schema.training_place, place, said_of(detail)["before"])
            place.updated_at = now
        for each in made:
            session.delete(each)
        session.flush()

    def _evidence(
        self, session: Session, _: str, made: list[Any], changed: list[tuple[Any, bytes]], __: str
    ) -> None:
        now = self.people.clock.now()
        for record, detail in changed:
            restore(schema.evidence, record, said_of(detail)["before"])
            record.updated_at = now
        for record in made:
            session.delete(record)
        session.flush()

    def _teams(
        self, session: Session, _: str, made: list[Any], changed: list[tuple[Any, bytes]], actor: str
    ) -> None:
        now, teams = self.people.clock.now(), [team for team, _ in changed]
        for team, detail in changed:
            restore(schema.team, team, said_of(detail)["before"])
            team.updated_at = now
        session.flush()
        repository.index_teams(session, teams, self.people.catalogue)
        self.people.tell_teams(session, teams, actor)
        _tombstones(self.people, session, TEAMS, made, actor)


def _changed_since(
    session: Session,
    aggregate: type[Any],
    rows: Sequence[Row[Any]],
    found: Mapping[str, Any],
    ended: datetime,
) -> set[str]:
    """Which records of these rows are not as the import left them; what a later one changed and its undo took back
    is as it was.
    """
    entity = aggregate.__name__.lower()
    since = schema.taken_back.changed_since(session, entity, [row.resource_id for row in rows], ended)
    if aggregate in _WITHOUT_HISTORY:
        stand = {id_: (row.version, found[id_].version) for row in rows if (id_ := row.resource_id) in found}
        since |= schema.taken_back.moved_on(session, entity, stand)
    return since


def _tombstones(people: People, session: Session, topic: Any, made: Sequence[Any], actor: str) -> None:
    """Delete what an import made, and tell that it is gone."""
    for each in made:
        session.delete(each)
    session.flush()
    people.journal.record(session, [Change(topic, each.id, each.version + 1, None, actor) for each in made])


def _loaded(session: Session, aggregate: type[Any], ids: Sequence[str]) -> list[Any]:
    table = {
        Person: schema.person,
        Team: schema.team,
        Position: schema.position,
        TrainingPlace: schema.training_place,
        Move: schema.move,
        Evidence: schema.evidence,
    }[aggregate]
    return list(session.scalars(select(aggregate).where(table.c.id.in_(ids))))


_OWN = frozenset(
    {
        "person_direction",
        "person_text",
        "person_key",
        "record_link",
        "statement",
        "consent_entry",
        "duplicate_block",
        "duplicate_team",
        "export_person",
        "person",
    }
)


def _in_use(session: Session, ids: Sequence[str]) -> set[str]:
    """Which of these people a team, an outcome or any other table names in a column of its own."""
    used: set[str] = set()
    if not ids:
        return used
    for table in schema.metadata.tables.values():
        for name in ("person_id", "lead"):
            if name in table.c and table.name not in _OWN:
                query = select(table.c[name]).where(table.c[name].in_(ids)).distinct()
                if table is schema.move:  # a derived one that is void was put down wrongly, and goes too
                    query = query.where(~table.c.derived | table.c.voided_at.is_(None))
                used.update(session.scalars(query))
    return used | repository.members_among(session, ids)
