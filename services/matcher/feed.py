"""The feed: states from the log become items; what personal fields hold is unsealed here and nowhere else."""

from collections.abc import Callable
from dataclasses import dataclass

from google.protobuf.message import DecodeError
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bole.events.v1 import firm_event_pb2, fund_event_pb2, person_event_pb2, position_event_pb2
from services.chassis.received import Poison, Received
from services.chassis.sealing import KeyRing, SealBroken, open_sealed
from services.chassis.topics import FIRMS, FUNDS, KEYS, PERSONS, POSITIONS
from services.matcher import events
from services.matcher.domain.item import ItemKind
from services.matcher.store import items
from services.matcher.store.schema import parked_person, subject_key

TOPICS = tuple(topic.name for topic in (KEYS, PERSONS, POSITIONS, FIRMS, FUNDS))


@dataclass(frozen=True)
class ItemFeed:
    """The handler. `woken` is called after each batch: the lists may follow."""

    keys: KeyRing
    woken: Callable[[], None]

    def handle(self, session: Session, event: Received) -> None:
        """Apply one event. Raises Poison for bytes that are not what the topic promises."""
        try:
            self._apply(session, event)
        except (DecodeError, KeyError, ValueError, SealBroken) as error:
            raise Poison(f"{event.topic}: {type(error).__name__}") from error

    def finish(self, session: Session, level: bool) -> None:  # noqa: ARG002 (the lists follow by themselves)
        """After a batch."""
        self.woken()

    def _apply(self, session: Session, event: Received) -> None:
        if event.topic == KEYS.name:
            self._key(session, event)
        elif event.topic == PERSONS.name:
            self._person(session, event)
        elif event.topic == POSITIONS.name:
            self._plain(session, event, ItemKind.POSITION)
        elif event.topic == FIRMS.name:
            self._plain(session, event, ItemKind.FIRM)
        else:
            self._plain(session, event, ItemKind.FUND)

    def _plain(self, session: Session, event: Received, kind: ItemKind) -> None:
        if event.value is None:
            known = events.gone(kind, event)
        elif kind is ItemKind.POSITION:
            known = events.position(position_event_pb2.PositionState.FromString(event.value), event)
        elif kind is ItemKind.FIRM:
            known = events.firm(firm_event_pb2.FirmState.FromString(event.value), event)
        else:
            known = events.fund(fund_event_pb2.FundState.FromString(event.value), event)
        items.put(session, known)

    def _key(self, session: Session, event: Received) -> None:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        wrapped = None
        if event.value is not None:
            wrapped = person_event_pb2.PersonKey.FromString(event.value).wrapped_key
        statement = insert(subject_key).values(person_id=event.key, version=event.version, wrapped=wrapped)
        statement = statement.on_conflict_do_update(
            index_elements=[subject_key.c.person_id],
            set_={"version": statement.excluded.version, "wrapped": statement.excluded.wrapped},
            where=subject_key.c.version < statement.excluded.version,
        )
        session.execute(statement)
        parked = session.execute(
            select(parked_person).where(parked_person.c.person_id == event.key)
        ).one_or_none()
        session.execute(delete(parked_person).where(parked_person.c.person_id == event.key))
        if parked is not None and wrapped is not None:
            late = Received(
                PERSONS.name, -1, event.key, parked.state, "", parked.version, parked.changed_at, {}
            )
            self._person(session, late)

    def _person(self, session: Session, event: Received) -> None:
        if event.value is None:
            session.execute(delete(parked_person).where(parked_person.c.person_id == event.key))
            items.put(session, events.gone(ItemKind.PERSON, event))
            return
        state = person_event_pb2.PersonState.FromString(event.value)
        row = session.execute(select(subject_key).where(subject_key.c.person_id == event.key)).one_or_none()
        if row is None:
            self._park(session, event)
        elif row.wrapped is not None:
            key = self.keys.unwrap(f"persons/{event.key}", row.wrapped)
            plain = open_sealed(f"persons/{event.key}", state.sealed, key, schema=events.SEALED_SCHEMA)
            items.put(session, events.person(state, person_event_pb2.SealedPerson.FromString(plain), event))

    def _park(self, session: Session, event: Received) -> None:
        session.execute(delete(parked_person).where(parked_person.c.person_id == event.key))
        row = {
            "person_id": event.key,
            "version": event.version,
            "state": event.value,
            "changed_at": event.time,
        }
        session.execute(parked_person.insert().values(row))
