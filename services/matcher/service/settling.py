"""Settling: the lists follow the items, and every change of a list becomes an event, in one transaction.

What to follow is marked in the database. If the transaction fails, or the process dies, the marks stand and the
same changes are followed again from what was stored: each event comes into being once.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bole.events.v1 import match_event_pb2
from bole.matcher.v1 import match_event_pb2 as partner_event_pb2
from services.chassis.background import Background
from services.chassis.cloudevents import OutgoingEvent
from services.chassis.fail_points import reach
from services.chassis.house import House
from services.chassis.leadership import LeaderLock
from services.chassis.outbox import Outbox
from services.chassis.rpc.wire import instant_to_wire
from services.chassis.telemetry.logs import log
from services.chassis.topics import MATCHES
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import KINDS
from services.matcher.domain.known import Known
from services.matcher.hub import Hub
from services.matcher.lists.delta import Delta
from services.matcher.service.engine import BULK, Engine
from services.matcher.store import items, matches

_QUIET_SECONDS = 0.7
_POLL_SECONDS = 1.0
_BACK_OFF_SECONDS = 1.0
_SOME = 50


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A match event as it is stored and as streams are told."""

    sequence: int
    type: str
    kind: str
    anchor_id: str
    candidate_id: str
    log_odds: float
    rank: int
    directions: tuple[str, ...]
    city: str
    changed_at: datetime
    event_at: datetime


class Settler:
    """The one writer of lists and events, in a thread of its own."""

    def __init__(self, house: House, engine: Engine, hub: Hub, lock: LeaderLock) -> None:
        self._house = house
        self._engine = engine
        self._hub = hub
        self._lock = lock
        self._outbox = Outbox(house.tables.outbox)
        self._wake = threading.Event()
        self._thread = Background("settler", self._run)
        self._loaded = False
        self.level_once = threading.Event()

    def start(self) -> None:
        """Start the thread; once only."""
        self._thread.start()

    def stop(self) -> None:
        """End after the changes at hand."""
        self._wake.set()
        self._thread.stop()

    def wake(self) -> None:
        """There may be something to follow."""
        self._wake.set()

    def load(self) -> None:
        """Bring the engine to what is stored."""
        with self._house.database.read() as session:
            known, lists = items.everything(session), matches.stored_lists(session)
        self._engine.load(known, lists)
        self._loaded = True

    def settle(self) -> int:
        """Follow everything that is marked; how many items that were. Raises what the database raises."""
        with self._house.database.read() as session:
            changed = items.unsettled(session)
        if not changed and not self._engine.stale:
            self.level_once.set()
            return 0
        started = time.monotonic()
        self._loaded = False
        deltas, anew = self._engine.follow(changed)
        rows = self._write(changed, deltas)
        self._loaded = True
        reach("settle.after_commit")
        self._hub.tell(rows)
        if anew:
            self._engine.save()
        log(
            logging.INFO,
            "settled",
            items=len(changed),
            events=len(rows),
            anew=anew,
            seconds=round(time.monotonic() - started, 3),
        )
        return len(changed)

    def _run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                if self._lead():
                    self._await_quiet(stop)
                    self.settle()
            except Exception:
                logging.getLogger("bole").exception("the lists could not follow; loading them again")
                self._loaded = False
                stop.wait(_BACK_OFF_SECONDS)
                continue
            self._wake.wait(_POLL_SECONDS)
            self._wake.clear()
        self._lock.release()

    def _lead(self) -> bool:
        if not (self._lock.held() or self._lock.acquire()):
            return False
        if not self._loaded:
            self.load()
        return True

    def _await_quiet(self, stop: threading.Event) -> None:
        """While a bulk load arrives, wait for its end: the lists are then computed once."""
        waiting = self._waiting()
        while waiting >= _SOME and not stop.wait(_QUIET_SECONDS):
            before, waiting = waiting, self._waiting()
            if waiting == before:
                return

    def _waiting(self) -> int:
        with self._house.database.read() as session:
            return items.unsettled_count(session)

    def _write(self, changed: Sequence[Known], deltas: Sequence[Delta]) -> list[MatchRow]:
        now = self._house.clock.now()
        times = {(each.kind, each.id): each.changed_at for each in changed}
        latest = max(times.values(), default=now)
        touched = {(delta.kind, delta.anchor) for delta in deltas}
        with self._house.database.write() as session:
            first = matches.allot(session, len(deltas)) if deltas else 0
            rows = [self._row(first + at, delta, times, latest, now) for at, delta in enumerate(deltas)]
            matches.add_events(session, [_values(row) for row in rows])
            lists = {key: self._engine.lists.places(*key) for key in touched}
            matches.replace_lists(session, lists)
            if len(changed) >= BULK:
                items.settle_all(session, {(each.kind.value, each.id): each.version for each in changed})
            else:
                items.settle(session, changed)
            self._outbox.put_all(session, [self._told(row) for row in rows])
            reach("settle.before_commit")
        return rows

    def _row(
        self,
        sequence: int,
        delta: Delta,
        times: dict[tuple[ItemKind, str], datetime],
        latest: datetime,
        now: datetime,
    ) -> MatchRow:
        kind = KINDS[delta.kind]
        anchor = self._engine.item(kind.anchor, delta.anchor)
        caused = times.get((kind.candidate, delta.candidate)) or times.get((kind.anchor, delta.anchor))
        return MatchRow(
            sequence,
            delta.type.name,
            delta.kind,
            delta.anchor,
            delta.candidate,
            delta.log_odds,
            delta.rank,
            tuple(code for code, _ in anchor.leaves) if anchor else (),
            (anchor.city or "") if anchor else "",
            caused or latest,
            now,
        )

    def _told(self, row: MatchRow) -> OutgoingEvent:
        state = match_event_pb2.MatchChanged(
            sequence=row.sequence,
            type=f"TYPE_{row.type}",
            kind=row.kind,
            anchor_id=row.anchor_id,
            candidate_id=row.candidate_id,
            log_odds=row.log_odds,
            rank=row.rank,
            direction_codes=row.directions,
            city_code=row.city,
            change_time=instant_to_wire(row.changed_at),
            event_time=instant_to_wire(row.event_at),
        )
        return OutgoingEvent(
            id=self._house.ids.new(),
            topic=MATCHES.name,
            aggregatetype=MATCHES.entity,
            aggregateid=row.anchor_id,
            type=f"bole.match.{partner_event_pb2.MatchEvent.Type.Name(state.type)[5:].lower()}.v1",
            source="/bole/matcher",
            subject=f"{MATCHES.collection}/{row.sequence}",
            version=row.sequence,
            time=row.event_at,
            payload=state.SerializeToString(),
            dataschema=state.DESCRIPTOR.full_name,
        )


def _values(row: MatchRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in MatchRow.__slots__}
