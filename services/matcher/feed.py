"""The feed: states from the log become items; what personal fields hold is unsealed here and nowhere else."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from google.protobuf.message import DecodeError
from sqlalchemy import Row, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.event import listen
from sqlalchemy.orm import Session

from bole.events.v1 import (
    firm_event_pb2,
    fund_event_pb2,
    person_event_pb2,
    position_event_pb2,
    shortage_event_pb2,
    team_event_pb2,
)
from services.catalogue.succession import Shares, renewed
from services.chassis.feed import Feed
from services.chassis.house import House
from services.chassis.received import Poison, Received
from services.chassis.sealing import KeyRing, SealBroken, open_sealed
from services.chassis.telemetry.logs import log
from services.chassis.topics import FIRMS, FUNDS, KEYS, PERSONS, POSITIONS, SHORTAGES, TEAMS
from services.kernel.errors import InvalidArgument
from services.matcher import events
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import Columns
from services.matcher.domain.item import ItemKind
from services.matcher.domain.known import Known
from services.matcher.service.proposals import Proposals
from services.matcher.store import items, runs, shortages, teams
from services.matcher.store.schema import parked_person, subject_key

S = TypeVar(
    "S",
    person_event_pb2.PersonKey,
    person_event_pb2.PersonState,
    position_event_pb2.PositionState,
    firm_event_pb2.FirmState,
    fund_event_pb2.FundState,
    team_event_pb2.TeamState,
    shortage_event_pb2.ShortageState,
)
_UNUSABLE = (DecodeError, KeyError, ValueError, SealBroken)
_WAIT_SECONDS = 0.5
TOPICS = tuple(topic.name for topic in (KEYS, PERSONS, TEAMS, POSITIONS, FIRMS, FUNDS, SHORTAGES))


@dataclass(frozen=True)
class ItemFeed:
    """The handler. `received` is told of each batch once it is committed, and whether no more waits; `former`: what
    stands today for directions of earlier catalogues, under which events may still be on the way.
    """

    keys: KeyRing
    codes: Codes
    proposals: Proposals
    received: Callable[[bool], None]
    former: Mapping[str, Shares] = field(default_factory=dict)
    _changed: dict[tuple[ItemKind, str], datetime] = field(default_factory=dict)

    def handle(self, session: Session, event: Received) -> None:
        """Apply one event. Raises Poison for bytes that are not what the topic promises, or unknown codes."""
        try:
            self._apply(session, event)
        except _UNUSABLE as error:
            raise Poison(f"{event.topic}: {type(error).__name__}") from error
        except InvalidArgument as error:
            raise Poison(f"{event.topic}: {error.reason}") from error

    def finish(self, session: Session, level: bool) -> None:
        """After a batch: teams and proposals follow what changed in it, before it is committed.

        What waits is visible to others only once it is committed.
        """
        people = {id_: at for (kind, id_), at in self._changed.items() if kind is ItemKind.PERSON}
        teams.members_changed(session, people)
        self.proposals.follow(session, [f"{kind.collection}/{id_}" for kind, id_ in self._changed])
        self._changed.clear()
        listen(session, "after_commit", lambda _session: self.received(level), once=True)

    def _apply(self, session: Session, event: Received) -> None:
        if event.topic == KEYS.name:
            self._key(session, event)
        elif event.topic == PERSONS.name:
            self._person(session, event)
        elif event.topic == TEAMS.name:
            self._team(session, event)
        elif event.topic == SHORTAGES.name:
            self._shortage(session, event)
        elif event.topic == POSITIONS.name:
            self._plain(session, event, ItemKind.POSITION)
        elif event.topic == FIRMS.name:
            self._plain(session, event, ItemKind.FIRM)
        else:
            self._plain(session, event, ItemKind.FUND)

    def _shortage(self, session: Session, event: Received) -> None:
        cell = events.cell_named(event.key)
        if event.value is None:
            shortages.remove(session, cell)
        else:
            state = _read(shortage_event_pb2.ShortageState, event)
            shortages.put(session, cell, event.version, events.shortage(state))

    def _plain(self, session: Session, event: Received, kind: ItemKind) -> None:
        if event.value is None:
            self._put(session, events.gone(kind, event))
        elif kind is ItemKind.POSITION:
            self._put(session, events.position(_read(position_event_pb2.PositionState, event), event))
        elif kind is ItemKind.FIRM:
            self._put(session, events.firm(_read(firm_event_pb2.FirmState, event), event))
        else:
            self._put(session, events.fund(_read(fund_event_pb2.FundState, event), event))

    def _team(self, session: Session, event: Received) -> None:
        version = event.version * teams.VERSION_STEP
        if event.value is None:
            if items.put(session, replace(events.gone(ItemKind.TEAM, event), version=version)):
                teams.put_members(session, event.key, ())
            return
        state = _read(team_event_pb2.TeamState, event)
        members = list(dict.fromkeys((state.lead_id, *state.member_ids)))
        known = self._today(events.team(state, teams.allowed(session, members), version, event))
        if items.put(session, known):
            teams.put_members(session, event.key, members)
            self._changed[ItemKind.TEAM, event.key] = event.time

    def _put(self, session: Session, known: Known) -> None:
        if items.put(session, self._today(known)):
            self._changed[known.kind, known.id] = known.changed_at

    def _today(self, known: Known) -> Known:
        """The same in today's codes. Whatever is stored must be comparable: an unknown code would stop the lists for
        ever.
        """
        if known.item is None:
            return known
        item = replace(known.item, leaves=renewed(known.item.leaves, self.former))
        Columns.of([item], self.codes)
        return replace(known, item=item)

    def _key(self, session: Session, event: Received) -> None:
        wrapped = None
        if event.value is not None:
            wrapped = _read(person_event_pb2.PersonKey, event).wrapped_key
        row = {"person_id": event.key, "version": event.version, "wrapped": wrapped}
        session.execute(_newer_key(session.get_bind().dialect.name), row)
        parked = session.execute(
            select(parked_person).where(parked_person.c.person_id == event.key)
        ).one_or_none()
        if parked is not None:
            session.execute(delete(parked_person).where(parked_person.c.person_id == event.key))
        if wrapped is None:
            items.withdraw(session, ItemKind.PERSON, event.key, event.time)
            teams.members_changed(session, {event.key: event.time})
            teams.forget(session, event.key)
            runs.forget(session, event.key)
            self.proposals.erase(session, event.key)
        elif parked is not None:
            self._unpark(session, parked)

    def _unpark(self, session: Session, parked: Row[Any]) -> None:
        """Handle a person whose key has come. A state that cannot be used must not cost the key."""
        late = Received(
            PERSONS.name, -1, parked.person_id, parked.state, "", parked.version, parked.changed_at, {}
        )
        try:
            self._person(session, late)
        except (*_UNUSABLE, InvalidArgument) as error:
            log(logging.WARNING, "a person who waited for a key cannot be used", error=error, id=late.key)

    def _person(self, session: Session, event: Received) -> None:
        if event.value is None:
            session.execute(delete(parked_person).where(parked_person.c.person_id == event.key))
            items.put(session, events.gone(ItemKind.PERSON, event))
            teams.members_changed(session, {event.key: event.time})
            teams.forget(session, event.key)
            runs.forget(session, event.key)
            self.proposals.erase(session, event.key)
            return
        state = _read(person_event_pb2.PersonState, event)
        row = session.execute(select(subject_key).where(subject_key.c.person_id == event.key)).one_or_none()
        if row is None:
            self._park(session, event)
        elif row.wrapped is not None:
            key = self.keys.unwrap(f"persons/{event.key}", row.wrapped)
            plain = open_sealed(f"persons/{event.key}", state.sealed, key, schema=events.SEALED_SCHEMA)
            self._put(session, events.person(state, person_event_pb2.SealedPerson.FromString(plain), event))

    def _park(self, session: Session, event: Received) -> None:
        session.execute(delete(parked_person).where(parked_person.c.person_id == event.key))
        row = {
            "person_id": event.key,
            "version": event.version,
            "state": event.value,
            "changed_at": event.time,
        }
        session.execute(parked_person.insert().values(row))


@cache
def _newer_key(dialect: str) -> Any:
    """Insert somebody's key, or put it in place of an older version."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(subject_key)
    return statement.on_conflict_do_update(
        index_elements=[subject_key.c.person_id],
        set_={"version": statement.excluded.version, "wrapped": statement.excluded.wrapped},
        where=subject_key.c.version < statement.excluded.version,
    )


def _read(kind: type[S], event: Received) -> S:
    """The state that an event holds. Raises Poison when it is another message, or about something else."""
    state = kind.FromString(event.value or b"")
    if event.headers.get("ce_dataschema", kind.DESCRIPTOR.full_name) != kind.DESCRIPTOR.full_name:
        raise Poison(f"{event.topic}: not a {kind.DESCRIPTOR.full_name}")
    if state.id != event.key:
        raise Poison(f"{event.topic}: the state is of another entity than the key says")
    return state


class LeaderFeed(Feed):
    """The feed of the matcher; it reads only while this process is the writer."""

    def __init__(self, house: House, handler: ItemFeed, leading: threading.Event) -> None:
        super().__init__(
            "matcher", house.database, house.log, TOPICS, handler, house.clock, tables=house.tables.feed
        )
        self._leading = leading

    def step(self) -> int:
        """As every feed, once it leads; nothing before."""
        return super().step() if self._leading.wait(_WAIT_SECONDS) else 0
