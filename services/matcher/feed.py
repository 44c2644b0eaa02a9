"""The feed: states from the log become items; what personal fields hold is unsealed here and nowhere else."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from google.protobuf.message import DecodeError
from sqlalchemy import Row
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
from services.chassis.db import scrub_after
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
from services.matcher.gathering import Gathered, Key
from services.matcher.service.proposals import Proposals
from services.matcher.service.settling import FEED
from services.matcher.store import items, keys, runs, shortages, teams, webhooks
from services.matcher.store.schema import shared

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
_BATCH = 3_500
TOPICS = tuple(topic.name for topic in (KEYS, PERSONS, TEAMS, POSITIONS, FIRMS, FUNDS, SHORTAGES))


@dataclass(frozen=True)
class ItemFeed:
    """The handler. `received` is told of each batch once it is committed: whether no more waits, and which items were
    written with it. `former`: what stands today for directions of earlier catalogues, under which events may still be
    on the way.
    """

    ring: KeyRing
    codes: Codes
    proposals: Proposals
    received: Callable[[bool, Sequence[Known]], None]
    former: Mapping[str, Shares] = field(default_factory=dict)
    _changed: dict[tuple[ItemKind, str], datetime] = field(default_factory=dict)
    _written: list[Known] = field(default_factory=list)
    _gathered: list[Gathered] = field(default_factory=list)

    def foresee(self, session: Session, events: Sequence[Received]) -> None:
        """Read together what is known of the keys of the people in a batch."""
        people = {event.key for event in events if event.topic in (KEYS.name, PERSONS.name)}
        self._gather(session).foresee(people)

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
        self._write(session)
        people = {id_: at for (kind, id_), at in self._changed.items() if kind is ItemKind.PERSON}
        teams.members_changed(session, people)
        self.proposals.follow(session, [f"{kind.collection}/{id_}" for kind, id_ in self._changed])
        written = self._written.copy()
        self._forget_batch()
        self._gathered.clear()
        listen(session, "after_commit", lambda _session: self.received(level, written), once=True)

    def _gather(self, session: Session) -> Gathered:
        """What the transaction has gathered; a transaction that failed leaves nothing to the next."""
        if not self._gathered or self._gathered[0].session is not session:
            self._gathered[:] = [Gathered(session)]
            self._forget_batch()
        return self._gathered[0]

    def _forget_batch(self) -> None:
        self._changed.clear()
        self._written.clear()

    def _write(self, session: Session) -> None:
        """Let the database see what was gathered."""
        for known in self._gather(session).write():
            self._changed[known.kind, known.id] = known.changed_at
            self._written.append(known)

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
        self._write(session)
        version = event.version * teams.VERSION_STEP
        if event.value is None:
            if items.put(session, events.gone(ItemKind.TEAM, event)._replace(version=version)):
                teams.put_members(session, event.key, ())
            return
        state = _read(team_event_pb2.TeamState, event)
        members = list(dict.fromkeys((state.lead_id, *state.member_ids)))
        known = self._today(events.team(state, teams.allowed(session, members), version, event))
        if items.put(session, known):
            teams.put_members(session, event.key, members)
            self._changed[ItemKind.TEAM, event.key] = event.time

    def _put(self, session: Session, known: Known) -> None:
        self._gather(session).put(self._today(known))

    def _today(self, known: Known) -> Known:
        """The same in today's codes. Whatever is stored must be comparable: an unknown code would stop the lists for
        ever.
        """
        item = known.item
        if item is None:
            return known
        leaves = renewed(item.leaves, self.former) if self.former else item.leaves
        if leaves != item.leaves:
            item = replace(item, leaves=leaves)
            known = known._replace(item=item)
        Columns.check(item, self.codes)
        return known

    def _key(self, session: Session, event: Received) -> None:
        wrapped = None
        if event.value is not None:
            wrapped = _read(person_event_pb2.PersonKey, event).wrapped_key
        gathered = self._gather(session)
        gathered.put_key(event.key, Key(event.version, wrapped))
        parked = keys.unpark(session, event.key) if gathered.is_parked(event.key) else None
        gathered.park(event.key, waiting=False)
        if wrapped is None:
            self._write(session)
            items.withdraw(session, ItemKind.PERSON, event.key, event.time)
            self._forget(session, event)
        elif parked is not None:
            self._unpark(session, parked)

    def _forget(self, session: Session, event: Received) -> None:
        """Somebody is erased: teams, runs, answers of endpoints and proposals are without them."""
        scrub_after(session)
        teams.members_changed(session, {event.key: event.time})
        teams.forget(session, event.key)
        runs.forget(session, event.key)
        webhooks.forget(session, event.key)
        shared.budget.forget(session, event.key)
        self.proposals.erase(session, event.key)

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
        gathered = self._gather(session)
        if event.value is None:
            self._write(session)
            keys.forget_parked(session, event.key)
            gathered.park(event.key, waiting=False)
            items.put(session, events.gone(ItemKind.PERSON, event))
            self._forget(session, event)
            return
        state = _read(person_event_pb2.PersonState, event)
        known = gathered.key(event.key)
        if known is None:
            keys.park(session, event.key, event.version, event.value, event.time)
            gathered.park(event.key, waiting=True)
        elif known.wrapped is not None:
            subject = f"persons/{event.key}"
            key = self.ring.unwrap(subject, known.wrapped)
            plain = open_sealed(subject, state.sealed, key, schema=events.SEALED_SCHEMA)
            self._put(session, events.person(state, person_event_pb2.SealedPerson.FromString(plain), event))


def _read(kind: type[S], event: Received) -> S:
    """The state that an event holds. Raises Poison when it is another message, or about something else."""
    state, schema = kind.FromString(event.value or b""), kind.DESCRIPTOR.full_name
    if event.headers.get("ce_dataschema", schema) != schema:
        raise Poison(f"{event.topic}: not a {schema}")
    if state.id != event.key:
        raise Poison(f"{event.topic}: the state is of another entity than the key says")
    return state


class LeaderFeed(Feed):
    """The feed of the matcher; it reads only while this process is the writer."""

    def __init__(self, house: House, handler: ItemFeed, leading: threading.Event) -> None:
        super().__init__(
            FEED,
            house.database,
            house.log,
            TOPICS,
            handler,
            house.clock,
            tables=house.tables.feed,
            batch=_BATCH,
        )
        self._leading = leading

    def step(self) -> int:
        """As every feed, once it leads; nothing before."""
        return super().step() if self._leading.wait(_WAIT_SECONDS) else 0
