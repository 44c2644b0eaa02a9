"""The feed: states from the log become items."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Row
from sqlalchemy.event import listen
from sqlalchemy.orm import Session

from bole.events.v1 import (
    firm_event_pb2,
    fund_event_pb2,
    person_event_pb2,
    position_event_pb2,
    recusal_event_pb2,
    shortage_event_pb2,
    team_event_pb2,
)
from services.chassis.feed.feed import Feed
from services.chassis.feed.offsets import following
from services.chassis.feed.received import Poison, Received
from services.chassis.house import House
from services.chassis.log.log import Stored
from services.chassis.log.topics import FIRMS, FUNDS, KEYS, PERSONS, POSITIONS, RECUSALS, SHORTAGES, TEAMS
from services.chassis.storage.db import scrub_after
from services.chassis.telemetry.logs import log
from services.kernel.errors import InvalidArgument
from services.matcher import events
from services.matcher.beforehand import Beforehand, Hint, sealed
from services.matcher.domain.item import ItemKind
from services.matcher.domain.known import Known, Written
from services.matcher.gathering import Gathered, Key
from services.matcher.opening import UNUSABLE, Opener
from services.matcher.service.proposals import Proposals
from services.matcher.service.settling import FEED
from services.matcher.store import items, keys, recusals, runs, shortages, teams
from services.matcher.store.partners import webhooks
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
    recusal_event_pb2.RecusalState,
)
_WAIT_SECONDS = 0.5
_BATCH = 3_500
_MANY, _FLOOD = 250, 10_000
"""Records: from so many in a batch on the next one is read beside it, and people are opened by another process where so
many wait.
"""
TOPICS = tuple(topic.name for topic in (KEYS, PERSONS, TEAMS, POSITIONS, FIRMS, FUNDS, SHORTAGES, RECUSALS))


@dataclass(frozen=True)
class ItemFeed:
    """The handler. `received` is told of each batch once it is committed: whether no more waits, and which items were
    written with it.
    """

    opener: Opener
    proposals: Proposals
    received: Callable[[bool, Sequence[Written]], None]
    _changed: dict[tuple[ItemKind, str], datetime] = field(default_factory=dict)
    _written: list[Written] = field(default_factory=list)
    _gathered: list[Gathered] = field(default_factory=list)
    _hints: dict[int, Hint] = field(default_factory=dict)

    def expect(self, hints: Mapping[int, Hint]) -> None:
        """What people in the next batch say, by the offsets of their states, as far as that is known."""
        self._hints.clear()
        self._hints.update(hints)

    def foresee(self, session: Session, events: Sequence[Received]) -> None:
        """Read together what is known of the keys of the people in a batch."""
        people = {event.key for event in events if event.topic in (KEYS.name, PERSONS.name)}
        self._gather(session).foresee(people)

    def handle(self, session: Session, event: Received) -> None:
        """Apply one event. Raises Poison for bytes that are not what the topic promises, or unknown codes."""
        try:
            self._apply(session, event)
        except UNUSABLE as error:
            raise Poison(f"{event.topic}: {type(error).__name__}") from error
        except InvalidArgument as error:
            raise Poison(f"{event.topic}: {error.reason}") from error

    def finish(self, session: Session, level: bool) -> None:
        """After a batch: teams and proposals follow what changed in it, before it is committed.

        What waits is visible to others only once it is committed.
        """
        self._write(session)
        people = {id_: at for (kind, id_), at in self._changed.items() if kind is ItemKind.PERSON}
        self._members_changed(session, people)
        self.proposals.follow(session, self._changed)
        written = self._written.copy()
        self._forget_batch()
        self._gathered.clear()
        listen(session, "after_commit", lambda _session: self.received(level, written), once=True)

    def _members_changed(self, session: Session, people: Mapping[str, datetime]) -> None:
        changed = teams.members_changed(session, people)
        self._changed.update({(ItemKind.TEAM, id_): at for id_, at in changed.items()})

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
        written = self._gather(session).write()
        if written is not None:
            self._changed.update({(known.kind, known.id): known.changed_at for known in written.items})
            self._written.append(written)

    def _apply(self, session: Session, event: Received) -> None:
        if event.topic == KEYS.name:
            self._key(session, event)
        elif event.topic == PERSONS.name:
            self._person(session, event)
        elif event.topic == TEAMS.name:
            self._team(session, event)
        elif event.topic == SHORTAGES.name:
            self._shortage(session, event)
        elif event.topic == RECUSALS.name:
            self._recusal(session, event)
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

    def _recusal(self, session: Session, event: Received) -> None:
        subjects: Sequence[str] = ()
        if event.value is not None:
            subjects = _read(recusal_event_pb2.RecusalState, event).subjects
        recusals.put(session, event.key, event.version, subjects)

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
        members = events.people_of(state)
        known = self._checked(events.team(state, teams.together(session, members), version, event))
        if items.put(session, known):
            teams.put_members(session, event.key, members)
            self._changed[ItemKind.TEAM, event.key] = event.time

    def _put(self, session: Session, known: Known) -> None:
        self._gather(session).put(self._checked(known))

    def _checked(self, known: Known) -> Known:
        """In today's codes. Raises InvalidArgument for one that nobody knows."""
        return known if known.item is None else known._replace(item=self.opener.today(known.item))

    def _key(self, session: Session, event: Received) -> None:
        wrapped = None
        if event.value is not None:
            wrapped = _read(person_event_pb2.PersonKey, event).wrapped_key
        gathered = self._gather(session)
        known = gathered.key(event.key)
        waited = gathered.put_key(event.key, Key(event.version, wrapped))
        parked = keys.unpark(session, event.key) if waited else None
        if wrapped is None:
            self._write(session)
            if known is None or known.wrapped is not None:
                items.withdraw(session, ItemKind.PERSON, event.key, event.time)
            self._forget(session, event)
        elif parked is not None:
            self._unpark(session, parked)

    def _forget(self, session: Session, event: Received) -> None:
        """Somebody is erased: teams, runs, answers of endpoints and proposals are without them."""
        scrub_after(session)
        self._members_changed(session, {event.key: event.time})
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
        except (*UNUSABLE, InvalidArgument) as error:
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
        key, hint = gathered.key(event.key), self._hints.get(event.offset)
        if hint is not None and key is not None and key.wrapped == hint.wrapped:
            gathered.put(events.person(hint.opened, event))
            return
        state = _read(person_event_pb2.PersonState, event)
        if key is None:
            keys.park(session, event.key, event.version, event.value, event.time)
            gathered.park(event.key, waiting=True)
        elif key.wrapped is not None:
            gathered.put(events.person(self.opener.opened(state, key.wrapped), event))


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

    def __init__(
        self, house: House, handler: ItemFeed, beforehand: Beforehand, leading: threading.Event
    ) -> None:
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
        self._items, self._beforehand, self._leading = handler, beforehand, leading
        self._next: tuple[Mapping[str, int], list[Stored]] = {}, []

    def step(self) -> int:
        """As every feed, once it leads; nothing before."""
        return super().step() if self._leading.wait(_WAIT_SECONDS) else 0

    def _read(self) -> list[Stored]:
        """As every feed; in a bulk load the batch after this one is read too, to be opened meanwhile."""
        at, records = self._next
        if at != self._positions:
            records = super()._read()
        self._items.expect(self._beforehand.take())
        positions = self._positions | following(records)
        after = self._read_from(positions) if len(records) >= _MANY else []
        self._next = (positions, after) if after else ({}, [])
        if len(after) < _MANY:
            self._beforehand.close()
        elif self._beforehand.is_running or self.lag() >= _FLOOD:
            self._beforehand.start()
            if self._beforehand.is_ready():
                with self._database.read() as session:
                    self._beforehand.ask(sealed(records, after, partial(keys.of, session)))
        return records
