"""Settling: the lists follow the items, and every change of a list becomes an event, in one transaction.

What to follow is marked in the database. If the transaction fails, or the process dies, the marks stand and the
same changes are followed again from what was stored: each event comes into being once.
"""

import logging
import threading
import time
from collections.abc import Container, Mapping, Sequence

from sqlalchemy.orm import Session

from services.chassis.fail_points import reach
from services.chassis.feed.offsets import FeedOffsets
from services.chassis.house import House
from services.chassis.outbox.outbox import Outbox
from services.chassis.process.background import Background, Rounds
from services.chassis.process.collecting import collector_rests
from services.chassis.process.leadership import LeaderLock
from services.chassis.telemetry.logs import log
from services.matcher.corpus.said import Sayings
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import KINDS
from services.matcher.domain.known import Known, Written
from services.matcher.hub import Hub
from services.matcher.service.ahead import Ahead
from services.matcher.service.engine import Engine, Stored
from services.matcher.service.outgoing import MatchRow, erasure, outgoing
from services.matcher.service.recent import Recent
from services.matcher.service.routing import AnchorKey, Route, Told, anchor_of
from services.matcher.store import items, keys, matches, weighings

FEED = "matcher"
"""The name under which the offsets of the feed are kept."""
_QUIET_SECONDS = 0.7
_POLL_SECONDS = 1.0
_PATIENCE_SECONDS = 60.0
_BACK_OFF_SECONDS = 1.0
_SOME = 50
_PLENTY = 100_000
_FLOOD = 350
_UNSAVED_SECONDS = 600.0
_UNSAVED_PART = 10


class Settler:
    """The one writer of lists and events, in a thread of its own.

    `leading` while this process is the writer; `level_once` once it has followed all that the log held at some
    moment since it began to lead. `ahead`: what texts of
    the load at hand say.
    """

    def __init__(self, house: House, engine: Engine, hub: Hub, lock: LeaderLock) -> None:
        self._house = house
        self._engine = engine
        self._hub = hub
        self._lock = lock
        self._outbox = Outbox(house.tables.outbox)
        self._offsets = FeedOffsets(house.tables.feed.offsets, FEED, house.clock)
        self._recent = Recent()
        self.ahead = Ahead(engine.catalogue)
        self._wake = threading.Event()
        self._log_read = threading.Event()
        self._level = False
        self._thread = Background(
            "settler", self._rounds(), house.metrics.loop_failures.labels("settler").inc
        )
        self._mark: matches.Mark | None = None
        self._saved_at = time.monotonic()
        self._anew = False
        self.leading = threading.Event()
        self.level_once = threading.Event()

    def start(self) -> None:
        """Start the thread; once only."""
        self._thread.start()

    def stop(self) -> None:
        """End after the changes at hand."""
        self._wake.set()
        self._thread.stop()

    def received(self, level: bool, written: Sequence[Written] = ()) -> None:
        """The feed has committed a batch, and with it these items; `level`: it has read all there is."""
        self._level = level
        self._recent.add(written)
        self.ahead.add(
            [known.item.text for each in written for known in each.items if known.item is not None]
        )
        if level:
            self._log_read.set()
        self._wake.set()

    def lead(self) -> bool:
        """Whether this process is the writer, with the stored lists at hand; tries to become it."""
        held = self._lock.held()
        if not (held or self._lock.acquire()):
            self._step_down()
            return False
        if not held:  # who led meanwhile, or whether the database was put back, is not known
            self._mark = None
        if self._mark is None:
            self._load()
        self.leading.set()
        return True

    def settle(self) -> int:
        """Follow everything that is marked; how many items that were. Only after `lead`.

        Raises what the database raises, and Aborted when another process has written the lists; then what is in
        memory does not count, and the next `lead` loads it anew.
        """
        level = self._log_read.is_set()
        with collector_rests():
            at_hand, sayings = self._recent.take(), self.ahead.take()
            with self._house.database.read() as session:
                offsets = self._offsets.load(session)  # first: what was read up to there is among the changes
                last = items.last_change(session)
                changed = items.unsettled(session, at_hand)
                erased = _erased(session, changed)
                self._engine.weigh(weighings.adopted(session))
            if changed or self._engine.due:
                self._follow(changed, erased, sayings, offsets, last)
        self._engine.offsets = offsets
        if level:
            self.level_once.set()
        return len(changed)

    def _rounds(self) -> Rounds:
        failing = "the lists could not follow; loading them again"
        again = _BACK_OFF_SECONDS, _BACK_OFF_SECONDS
        return Rounds(self._round, failing, _POLL_SECONDS, again=again, wake=self._wake, ending=self._end)

    def _round(self, stop: threading.Event) -> None:
        try:
            if self.lead():
                self._await_quiet(stop)
                if not self.settle() or self._anew:
                    self._save_in_time()
        except Exception:  # nothing was committed: the items are still marked, and are followed next time
            self._mark = None
            raise

    def _end(self) -> None:
        try:
            if self.leading.is_set() and (self._engine.unsaved or self._anew):
                self._save()
        finally:
            self._step_down()
            self._lock.release()

    def _save_in_time(self) -> None:
        """Write a snapshot where many changes, or some for long, are in none: nobody who is gone stays in one."""
        unsaved, waited = self._engine.unsaved, time.monotonic() - self._saved_at
        if self._anew or (
            unsaved and (unsaved * _UNSAVED_PART > self._engine.space.size or waited > _UNSAVED_SECONDS)
        ):
            self._save()

    def _save(self) -> None:
        self._anew = False
        self._engine.save()
        self._saved_at = time.monotonic()

    def _step_down(self) -> None:
        self.leading.clear()
        self.level_once.clear()
        self._mark = None
        self.ahead.drop()
        self._hub.follow_database()

    def _load(self) -> None:
        with self._house.database.write() as session:
            items.heed_marks(session)
        with self._house.database.read() as session:
            mark, lists = matches.mark(session), matches.stored_lists(session)
            known = items.followed(session)
            present = {(each.kind, each.id) for each in known}
            lost = {
                anchor: Route(*told)
                for key in lists
                if self._is_lost(anchor := anchor_of(key), present)
                and (told := matches.last_told(session, key)) is not None
            }
            learnt, offsets = weighings.adopted(session), self._offsets.load(session)
        self._engine.load(Stored(known, lists, mark.made_by, lost, learnt, offsets))
        self._hub.follow_writer(mark.last)
        self._mark = mark

    def _is_lost(self, anchor: AnchorKey, present: Container[AnchorKey]) -> bool:
        """Whether an anchor with a list is not among what is known: directions come from the catalogue."""
        kind, id_ = anchor
        if kind is ItemKind.DIRECTION:
            return not self._engine.knows_direction(id_)
        return anchor not in present

    def _await_quiet(self, stop: threading.Event) -> None:
        """While a bulk load arrives, wait for its end, though not for ever: the lists are then computed once.

        It has not ended while the feed has more to read, which the lists would take the processor from. One that has
        no end is followed whenever it has doubled the index, so that all times together cost about two. What comes
        at the pace of people and their systems is followed at once.
        """
        waiting, patience = self._waiting(), time.monotonic() + _PATIENCE_SECONDS
        plenty = max(_PLENTY, self._engine.space.size)
        while _SOME <= waiting < plenty and time.monotonic() < patience and not stop.wait(_QUIET_SECONDS):
            before, waiting = waiting, self._waiting()
            if waiting - before < _FLOOD and self._level:
                return

    def _waiting(self) -> int:
        with self._house.database.read() as session:
            return items.unsettled_count(session)

    def _follow(
        self,
        changed: list[Known],
        erased: Sequence[Known],
        sayings: Sayings,
        offsets: Mapping[str, int],
        last: int,
    ) -> None:
        started = time.monotonic()
        known, self._mark = self._mark or matches.Mark(0, None), None
        followed = self._engine.follow(changed, sayings)
        rows = self._rows(changed, followed.told, known.last)
        now, first = self._house.clock.now(), known.last + len(rows) + 1
        rows += [erasure(at, each.id, each.changed_at, now) for at, each in enumerate(erased, first)]
        following = matches.Mark(known.last + len(rows), self._engine.made_by, last)
        events = list(outgoing(rows, self._house.ids))
        with self._house.database.write() as session:
            matches.move_mark(session, known, following)
            matches.add_events(session, MatchRow._fields, rows)
            matches.replace_lists(session, followed.lists)
            self._outbox.put_all(session, events)
            reach("settle.before_commit")
        self._mark = following
        reach("settle.after_commit")
        self._hub.tell(rows)
        self._engine.offsets = offsets
        self._anew = self._anew or followed.anew
        log(
            logging.INFO,
            "settled",
            items=len(changed),
            events=len(rows),
            anew=followed.anew,
            seconds=round(time.monotonic() - started, 3),
        )

    def _rows(self, changed: Sequence[Known], told: Sequence[Told], last: int) -> list[MatchRow]:
        now = self._house.clock.now()
        times = {(each.kind, each.id): each.changed_at for each in changed}
        latest = max(times.values(), default=now)
        rows = []
        for sequence, (delta, route) in enumerate(told, start=last + 1):
            kind = KINDS[delta.kind]
            caused = times.get((kind.candidate, delta.candidate)) or times.get((kind.anchor, delta.anchor))
            rows.append(
                MatchRow(
                    sequence,
                    delta.type._name_,  # faster than `name`
                    delta.kind,
                    delta.anchor,
                    delta.candidate,
                    delta.log_odds,
                    delta.rank,
                    route.directions,
                    route.city,
                    self._engine.kind(delta.kind).calibrated,
                    caused or latest,
                    now,
                )
            )
        return rows


def _erased(session: Session, changed: Sequence[Known]) -> list[Known]:
    """People among what has changed whose key was destroyed."""
    gone = [each for each in changed if each.kind is ItemKind.PERSON and each.item is None]
    destroyed = keys.destroyed(session, {each.id for each in gone}) if gone else ()
    return [each for each in gone if each.id in destroyed]
