"""The feed: reads the log and commits effects together with its own offsets, so that each takes effect once.

One transaction per batch. A failure of the infrastructure is retried for ever; a record that cannot be
handled is set aside, so that it never blocks the rest; many of those in a row stop the feed, because then
the program is wrong, not the records.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.exc import InterfaceError, OperationalError

from services.chassis.fail_points import reach
from services.chassis.feed.dead_letters import DeadLetter, DeadLetters, reason_of
from services.chassis.feed.known_ids import KnownIds
from services.chassis.feed.offsets import FeedOffsets, HandledElsewhere, following
from services.chassis.feed.received import Foreseeing, Handler, Poison, Received, TooMuch
from services.chassis.feed.tables import FeedTables
from services.chassis.log.cloudevents import parse
from services.chassis.log.log import Log, Stored
from services.chassis.process.background import Over, Rounds
from services.chassis.process.collecting import collector_rests
from services.chassis.process.precedence import Precedence
from services.chassis.storage.db import Database
from services.chassis.storage.news import News
from services.chassis.telemetry.trace import HEADER, working
from services.kernel.clock import Clock
from services.kernel.errors import Aborted, OutOfRange, Unavailable

__all__ = ["Feed", "FeedStopped", "Handler", "Poison", "Received"]

_logger = logging.getLogger(__name__)
_BATCH, _FIRST_BATCH = 500, 64
# A batch that takes longer makes the next ones smaller, one that takes less and was full, larger: whoever waits for
# what it has locked, or for this process to end, waits for a moment whatever the work is.
_LONG_SECONDS, _SHORT_SECONDS = 2.0, 0.5
_IDLE_SECONDS = 0.5
_BACK_OFF_SECONDS = (0.1, 5.0)
_SAME_LOG_EVERY = timedelta(minutes=1)
_INFRASTRUCTURE = (Unavailable, Aborted, OperationalError, InterfaceError, OSError, MemoryError)
# Starts that ended without progress: from the third on, records are tried one by one; the one that was
# tried alone and still ended the process for the sixth time is set aside.
_CAREFUL_FROM = 3
_FATAL_FROM = 6


class FeedStopped(Exception):
    """The feed cannot go on without a person; the message says why and what to do."""


class Feed:
    """One consumer of some topics. Metrics read the counters, `lag()` and `stopped_reason`."""

    def __init__(
        self,
        name: str,
        database: Database,
        log: Log,
        topics: Sequence[str],
        handler: Handler,
        clock: Clock,
        *,
        tables: FeedTables,
        poison_limit: int = 10,
        gather_seconds: float = 0.0,
        precedence: Precedence | None = None,
        patience_seconds: float = 0.05,
        batch: int = _BATCH,
    ) -> None:
        """`batch`: how many records are read and committed together at most. `gather_seconds`: how long to wait, once
        something has come, for what comes with it: for work that nobody waits for, and that is cheaper together.
        `patience_seconds`: for how long calls go first.
        """
        self.name = name
        self.topics = tuple(topics)
        self.dead_letters = DeadLetters(tables.dead_letters, name, clock)
        self.stopped_reason: str | None = None
        self.handled = self.buried = self.failures = 0
        self._database = database
        self._log = log
        self._handler = handler
        self._offsets = FeedOffsets(tables.offsets, name, clock)
        self._poison_limit = poison_limit
        self._gather_seconds = gather_seconds
        self._precedence = precedence or Precedence()
        self._patience_seconds = patience_seconds
        self._most, self._batch = batch, min(batch, _FIRST_BATCH)
        self._clock = clock
        self._positions: dict[str, int] = {}
        self._same_log_at: datetime | None = None
        self._in_a_row = self._careful = 0
        self._rest = 0.0
        self._told_level = False
        self._unproven = self._unforwarded = True
        self._counted: tuple[str, int] | None = None
        self._trying: int | None = None
        self._news = News(database)
        self._ids = KnownIds()

    def position(self, topic: str) -> int:
        """The first offset of `topic` not yet handled."""
        return self._known_positions()[topic]

    def lag(self) -> int:
        """How many records of all topics wait."""
        return sum(max(0, self._log.end(topic) - at) for topic, at in self._known_positions().items())

    @property
    def rounds(self) -> Rounds:
        """Handling records, until the feed stops itself and sets `stopped_reason`."""
        failing = f"feed {self.name} failed"
        return Rounds(lambda _stop: self._round(), failing, lambda: self._rest, again=_BACK_OFF_SECONDS)

    def _round(self) -> None:
        try:
            self.step()
            self._rest = 0.0
        except (FeedStopped, OutOfRange) as error:
            self.stopped_reason = str(error)
            _logger.critical("feed %s stopped: %s", self.name, error)
            raise Over from error
        except HandledElsewhere as error:
            self._positions = {}
            least, most = _BACK_OFF_SECONDS
            self._rest = min(max(least, self._rest * 2), most)
            _logger.info("feed %s rests %.1f s: %s", self.name, self._rest, error)
        except Exception:  # database or log are away: nothing was committed, the same records come again
            self.failures += 1
            self._positions, self._same_log_at = {}, None
            raise

    def step(self) -> int:
        """Read once, waiting a moment if nothing is there, and handle it; how many records were read.

        Raises FeedStopped when a person is needed, OutOfRange when the log was replaced, begun anew, truncated or
        forgot what was not yet read, and whatever the infrastructure raises.
        """
        self._require_same_log()
        self._known_positions()
        count = self._take()
        if not count and self._told_level and self._log.wait(self._positions, _IDLE_SECONDS):
            # no condition to wait for: what comes within this while shares a transaction with the first
            time.sleep(self._gather_seconds)
            self._precedence.give_way(self._patience_seconds)
            count = self._take()
        if not count and not self._told_level:
            self._apply([], level=True)
        elif not count:
            self._replay_requested()
        self._forward_buried()
        return count

    def _take(self) -> int:
        """Read what waits and handle it; how many records that were."""
        with collector_rests():
            records = self._read()
            if records:
                self._ids.recall(self._log, self._positions)
                began, chosen = self._clock.now(), self._deliverable(records)
                try:
                    self._handle(chosen, self._is_level(chosen))
                    self._pace(len(chosen), (self._clock.now() - began).total_seconds())
                except TooMuch as error:
                    self._batch = error.at_once
                    if len(chosen) <= len(self.topics):  # no fewer are read: one of each topic
                        for each in chosen:
                            self._handle([each], level=False)
        return len(records)

    def _known_positions(self) -> dict[str, int]:
        if not self._positions:
            with self._database.write() as session:
                self._offsets.ensure(session, dict.fromkeys(self.topics, 0))
                stored = self._offsets.load(session)
            self._positions = {topic: stored[topic] for topic in self.topics}
        return self._positions

    def _require_same_log(self) -> None:
        """At the start, after every failure and every minute: a log begun anew has other records at these places."""
        now = self._clock.now()
        if self._same_log_at is not None and timedelta() <= now - self._same_log_at < _SAME_LOG_EVERY:
            return
        logs = {topic: self._log.identity(topic) for topic in self.topics}
        with self._database.write() as session:
            self._offsets.ensure(session, dict.fromkeys(self.topics, 0))
            self._offsets.bind(session, logs)
        self._same_log_at = now

    def _read(self) -> list[Stored]:
        return self._read_from(self._positions)

    def _read_from(self, positions: Mapping[str, int]) -> list[Stored]:
        """A share of the batch from every topic, so that a long one starves none; the rest to those that have more."""
        share = max(1, self._batch // len(self.topics))
        found = {topic: self._log.read(topic, positions[topic], share) for topic in self.topics}
        longer = [topic for topic, records in found.items() if len(records) == share]
        more = (self._batch - sum(map(len, found.values()))) // max(1, len(longer))
        for topic in longer if more > 0 else ():
            found[topic] += self._log.read(topic, found[topic][-1].offset + 1, more)
        return [record for records in found.values() for record in records]

    def _pace(self, count: int, seconds: float) -> None:
        """How many records the next batch has, after one of so many took so long; calls go first."""
        if seconds > _LONG_SECONDS:
            self._batch = max(1, int(count / seconds))
        if seconds > _SHORT_SECONDS:  # between two batches SQLite's lock is free for a moment only
            self._precedence.give_way(self._patience_seconds)
        elif count > self._batch - len(self.topics):  # shares are rounded down
            self._batch = min(self._most, 2 * self._batch)

    def _is_level(self, records: Sequence[Stored]) -> bool:
        reached = self._positions | following(records)
        return all(reached[topic] >= self._log.end(topic) for topic in self.topics)

    def _deliverable(self, records: list[Stored]) -> list[Stored]:
        """All records; after starts that ended without progress, only the first one, each try counted."""
        first = records[0]
        if not self._unproven or self._counted == (first.topic, first.offset):
            return records[:1] if self._careful else records
        with self._database.write() as session:
            self._offsets.claim(session)
            attempts = self._offsets.count_attempt(session, first.topic)
        self._counted = (first.topic, first.offset)
        if attempts >= _FATAL_FROM:
            self._bury(first, f"the process ended {attempts - 1} times while handling this record")
            return []
        if attempts >= _CAREFUL_FROM:
            self._careful = _BATCH
        return records[:1] if self._careful else records

    def _handle(self, records: list[Stored], level: bool) -> None:
        """Apply all records, setting aside those that cannot be: as few transactions as that takes."""
        pending = [records] if records else []
        while pending:
            chunk = pending.pop(0)
            try:
                self._apply(chunk, level=level and not pending)
            except (*_INFRASTRUCTURE, TooMuch):
                raise
            except Exception as error:  # whatever a record makes a handler raise must not stop those after it
                if len(chunk) == 1:
                    _logger.exception("feed %s sets aside %s@%d", self.name, chunk[0].topic, chunk[0].offset)
                    self._bury(chunk[0], reason_of(error))
                else:
                    pending[:0] = _divide(chunk, self._trying)

    def _apply(self, records: Sequence[Stored], *, level: bool) -> None:
        """One transaction: offsets, effects, `finish`."""
        self._told_level, self._trying = False, None
        reached = following(records)
        made_by = partial(map, _traceparent, records)
        with working(f"feed {self.name}", made_by), self._database.write(alone=True) as session:
            self._offsets.claim(session)
            for topic, offset in sorted(reached.items()):
                self._offsets.advance(session, topic, self._positions[topic], offset)
            events = []
            for self._trying, record in enumerate(records):
                events.append(self._ids.require_own(parse(record)))
            self._trying = None
            if isinstance(self._handler, Foreseeing):
                self._handler.foresee(session, events)
            for self._trying, event in enumerate(events):
                if event.value is None:
                    self.dead_letters.forget(session, event.topic, event.key)
                self._handler.handle(session, event)
            self._trying = None
            self._handler.finish(session, level)
            reach("feed.after_effect_before_commit")
        reach("feed.after_commit")
        self._positions |= reached
        self._told_level = level
        self.handled += len(records)
        self._note_progress(len(records))

    def _note_progress(self, count: int) -> None:
        if count:
            self._in_a_row = 0
            self._careful = max(0, self._careful - count)
            self._unproven = self._careful > 0

    def _bury(self, record: Stored, reason: str) -> None:
        if self._in_a_row >= self._poison_limit:
            raise FeedStopped(
                f"{self._in_a_row} records in a row could not be handled, and {record.topic}@{record.offset} "
                f"cannot either ({reason}); correct the program and start it again"
            )
        self._told_level = False
        with self._database.write() as session:
            self._offsets.claim(session)
            self._offsets.advance(session, record.topic, self._positions[record.topic], record.offset + 1)
            self.dead_letters.bury(session, record, reason)
            reach("feed.after_bury_before_commit")
        self._positions[record.topic] = record.offset + 1
        self._in_a_row += 1
        self.buried += 1
        self._unforwarded = True

    def _forward_buried(self) -> None:
        """Copy to the dead-letter topics; a crash before the mark copies again."""
        if not self._unforwarded:
            return
        with self._database.read() as session:
            letters = self.dead_letters.unforwarded(session)
        if letters:
            self.dead_letters.forward(self._log, letters)
            reach("feed.after_forward_before_mark")
            with self._database.write() as session:
                self.dead_letters.mark_forwarded(session, letters)
        self._unforwarded = bool(letters)

    def _replay_requested(self) -> None:
        with self._news.since() as came:
            for letter in self._requested() if came else ():
                self._replay(letter)

    def _requested(self) -> list[DeadLetter]:
        with self._database.read() as session:
            return self.dead_letters.requested(session)

    def _replay(self, letter: DeadLetter) -> None:
        """Handle it once more, in a transaction of its own; newer versions that came since win."""
        try:
            with self._database.write(alone=True) as session:
                self._handler.handle(session, parse(letter.record))
                self._handler.finish(session, True)
                self.dead_letters.settle(session, letter)
                reach("feed.after_replay_before_commit")
        except _INFRASTRUCTURE:
            raise
        except Exception as error:  # as when it came first: the letter keeps the reason
            _logger.exception("feed %s could not replay dead letter %d", self.name, letter.id)
            with self._database.write() as session:
                self.dead_letters.settle(session, letter, failed=reason_of(error))


def _traceparent(record: Stored) -> str | None:
    return record.headers.get(HEADER)


def _divide(chunk: list[Stored], tried: int | None) -> list[list[Stored]]:
    """Around the record at which it went wrong, else record by record. Should an earlier one be at fault, whose rows
    were written only then, this one passes by itself and the earlier ones fail again.
    """
    if tried is None:
        return [[record] for record in chunk]
    parts = [chunk[:tried], chunk[tried : tried + 1], chunk[tried + 1 :]]
    return [part for part in parts if part]
