"""Tells of changed stars and states, and of watches that were reached, behind the counts and without delaying them.

What was told is kept with the revision it was read from, in the transaction that puts the events into the outbox:
nothing is told twice or left out, whichever process tells, and a burst of changes is told by its outcome.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bole.events.v1 import shortage_event_pb2
from services.chassis.log.topics import SHORTAGES, WATCHES
from services.chassis.outbox.journal import Change, Journal
from services.chassis.process.background import Rounds
from services.chassis.process.precedence import Precedence
from services.chassis.storage.db import Database
from services.chassis.storage.news import News
from services.kernel.clock import Clock
from services.talent import events
from services.talent.domain.shortage.standing import Standings
from services.talent.domain.shortage.table import ShortageTable
from services.talent.domain.shortage.watch import Watch
from services.talent.service.shortage.counting.frame import Frame
from services.talent.service.shortage.counting.live import Live
from services.talent.service.shortage.shortage import synthetic
from services.talent.store.shortage import standings

ACTOR = "system"
_LOOK_SECONDS = 0.5
# A moment after a commit, in which others follow; then calls go first for a while.
_PAUSE_SECONDS, _PATIENCE_SECONDS = 0.05, 0.5
# Cells per transaction: the first census of a map has thousands, and other writers wait meanwhile.
_PORTION = 500


@dataclass
class Teller:
    """One per process; any number may run over one database."""

    database: Database
    live: Live
    journal: Journal
    clock: Clock
    precedence: Precedence = field(default_factory=Precedence)
    _wake: threading.Event = field(default_factory=threading.Event)
    _told: tuple[int, Standings] | None = None

    def rounds(self) -> Rounds:
        """Telling whenever something was committed here or, seen from time to time, elsewhere."""
        self.database.on_commit(self._wake.set)
        news = News(self.database)

        def work(stop: threading.Event) -> None:
            stop.wait(_PAUSE_SECONDS)
            self.precedence.give_way(_PATIENCE_SECONDS)
            with news.since() as came:
                if came:
                    self.tell()

        return Rounds(work, "changes of the map could not be told", _LOOK_SECONDS, wake=self._wake)

    def tell(self) -> int:
        """Tell of everything up to now; how many events that made."""
        with self.database.read() as session:
            frame = self.live.follow(session)
            if frame is None or not self._is_news(session, frame.state.revision):
                return 0
        table = frame.table
        _ = table.pattern  # worked out before the lock is taken
        made, complete = 0, False
        while not complete:
            with self.database.write() as session:
                changes, self._told = self._tell(session, frame, table)
            made += len(changes)
            complete = self._told is not None or not changes
        return made

    def _is_news(self, session: Session, revision: int) -> bool:
        return self._told is None or revision > self._told[0] or standings.has_fresh(session)

    def _tell(
        self, session: Session, frame: Frame, table: ShortageTable
    ) -> tuple[list[Change], tuple[int, Standings] | None]:
        """A portion of what is to be told; what is told now, once that is all.

        Nothing and None if somebody else has told more.
        """
        known, revision = standings.told_revision(session), frame.state.revision
        if known > revision:
            return [], None
        cached = self._told is not None and self._told[0] == known
        before = self._told[1] if self._told is not None and cached else standings.read(session, frame.axes)
        now, cells, complete = before.after(table, _PORTION)
        origin = "SYNTHETIC" if synthetic(session) else "REAL"
        changes = [
            _change(events.shortage_event(table, before, now, cell, revision, origin))
            for cell in map(tuple, cells.tolist())
        ]
        changes += [
            Change(SHORTAGES, id_, version, None, ACTOR)
            for id_, version in standings.vanished(session, frame.axes)
        ]
        standings.write(session, frame.axes, now, cells)
        if complete:
            changes += self._watched(session, table, standings.all_watches(session))
            standings.put_told(session, revision)
        self.journal.record(session, changes)
        return changes, (revision, now) if complete else None

    def _watched(self, session: Session, table: ShortageTable, watches: Iterable[Watch]) -> list[Change]:
        moved = [watch for watch in watches if watch.look(table, self.clock.now())]
        session.flush()
        made = ((each, events.watch_event(table.cube.axes, each)) for each in moved)
        return [Change(WATCHES, each.id, each.version, event, ACTOR) for each, event in made]


def _change(event: shortage_event_pb2.ShortageState) -> Change:
    return Change(SHORTAGES, event.id, event.version, event, ACTOR)
