"""Moves: stated, derived from records whose city changed, taken back, forgotten with the person."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import AlreadyExists, FailedPrecondition, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text
from services.talent.domain.axes import Axes
from services.talent.domain.flows.move import Move, MoveFacts
from services.talent.domain.people.person import Person, Purpose
from services.talent.store import repository, schema
from services.talent.store.people import flows

_CORRECTED = "地区更正 city corrected"
_TAKEN_BACK = "地区变更撤销 change of city taken back"
_SUSPENDED = "合并后暂不计入 not counted since a merge"


@dataclass(frozen=True)
class Moves:
    """The use cases of moves."""

    catalogue: Catalogue
    axes: Axes
    clock: Clock
    ids: Ids

    def get(self, session: Session, id_: str) -> Move:
        """The record. Raises NotFound."""
        found = flows.move(session, id_)
        if found is None:
            raise NotFound.resource(f"moves/{id_}")
        return found

    def make(self, session: Session, facts: MoveFacts, origin: str, actor: str) -> Move:
        """A record that is not kept yet; a person of the library moves with what is recorded of them.

        Raises InvalidArgument, NotFound for the person, FailedPrecondition for one who did not agree to be
        counted.
        """
        stated = facts if facts.person_id is None else self._of_person(session, facts, facts.person_id)
        return Move.register(
            stated, id_=self.ids.new(), origin=origin, actor=actor, axes=self.axes, now=self.clock.now()
        )

    def record(self, session: Session, facts: MoveFacts, origin: str, actor: str) -> Move:
        """A new record. Raises as `make`, and AlreadyExists if the source number is taken."""
        move = self.make(session, facts, origin, actor)
        taken = repository.by_refs(session, Move, schema.move, [move.ref]) if move.ref else {}
        if taken:
            raise AlreadyExists(
                Text(f"来源编号“{move.ref}”已登记", f"the source number {move.ref!r} is registered"),
                reason="SOURCE_REF_TAKEN",
                metadata={"resource": f"moves/{taken[str(move.ref)].id}"},
            )
        session.add(move)
        session.flush()
        return move

    def void(self, session: Session, move: Move, reason: str, actor: str) -> None:
        """Take a record back. Raises FailedPrecondition, InvalidArgument."""
        move.void(reason, actor, self.clock.now())
        session.flush()

    def follow(self, session: Session, person: Person, before: str, actor: str) -> None:
        """Derive a move from a record whose city was `before`, as of the day on which that was observed.

        A change back within 30 days takes the derived move back instead: the first change was a mistake.
        """
        if person.city == before or not person.permits(Purpose.STATISTICS):
            return
        day: date = min(person.observed, civil_date(self.clock.now()))
        last = flows.last_derived(session, person.id)
        if last is not None and last.reversed_by(before, person.city, day):
            last.void(_CORRECTED, actor, self.clock.now())
            return
        facts = MoveFacts(
            category=person.category,
            shares=person.direction_shares,
            from_city=before,
            to_city=person.city,
            day=day,
            person_id=person.id,
        )
        session.add(
            Move.register(
                facts,
                id_=self.ids.new(),
                origin=person.origin,
                actor=actor,
                axes=self.axes,
                now=self.clock.now(),
                derived=True,
            )
        )

    def take_back(self, session: Session, person: Person, before: str, actor: str) -> None:
        """Void the derived move by which a record had come to `before`: it had been put down wrongly. If it came there
        by a change back, the move that was void with that counts again.
        """
        if person.city == before:
            return
        last = flows.last_derived(session, person.id)
        if last is not None and (last.from_city, last.to_city) == (person.city, before):
            last.void(_TAKEN_BACK, actor, self.clock.now())
            return
        reversed_ = flows.last_void(session, person.id, _CORRECTED)
        if reversed_ is not None and (reversed_.from_city, reversed_.to_city) == (before, person.city):
            reversed_.revive()

    def suspend(self, session: Session, record_ids: Iterable[str]) -> None:
        """Let the moves of records not count for as long as the person they are merged into may not be counted."""
        for move in flows.moves_of(session, record_ids):
            if move.voided_at is None:
                move.void(_SUSPENDED, "", self.clock.now())

    def resume(self, session: Session, record_ids: Iterable[str]) -> None:
        """Let the moves that were suspended count again."""
        for move in flows.moves_of(session, record_ids):
            if move.void_reason == _SUSPENDED:
                move.revive()

    def forget(self, session: Session, person_ids: Iterable[str]) -> list[str]:
        """Delete the moves of people who are not to be counted any more; their ids."""
        gone = flows.moves_of(session, person_ids)
        for move in gone:
            session.delete(move)
        session.flush()
        return [move.id for move in gone]

    def _of_person(self, session: Session, facts: MoveFacts, person_id: str) -> MoveFacts:
        person = repository.shown_person(session, person_id)
        if person is None:
            raise NotFound.resource(f"persons/{person_id}")
        if not person.permits(Purpose.STATISTICS):
            raise FailedPrecondition(
                Text(
                    "该人才未同意用于统计，不能登记其流动",
                    "the person did not agree to be counted; no move can be recorded",
                ),
                reason="PURPOSE_NOT_CONSENTED",
            )
        return replace(facts, category=person.category, shares=person.direction_shares)
