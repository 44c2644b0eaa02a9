"""The relay: moves the outbox to the log, in order, at least once.

One leader per database. A batch is appended, then marked: a crash between the two sends it again, and none
is ever left out. Rows are found by `published_at IS NULL`, because positions become visible out of order.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Table, delete, func, select, update

from services.chassis.fail_points import reach
from services.chassis.log.log import Log, Record
from services.chassis.log.places import LogPlaces
from services.chassis.process.background import STOP_SECONDS, Background, Over, Rounds
from services.chassis.process.leadership import LeaderLock
from services.chassis.process.precedence import Precedence
from services.chassis.storage.db import Database
from services.chassis.storage.news import News
from services.kernel.clock import Clock
from services.kernel.errors import OutOfRange

_logger = logging.getLogger(__name__)
_BATCH = 500
_POLL_SECONDS = 0.1
_BACK_OFF_SECONDS = (0.1, 5.0)
_PATIENCE_SECONDS = 0.1
_CLEAN_EVERY = timedelta(minutes=1)
_COMPARE_EVERY = timedelta(minutes=1)
_DOUBTS = 3
"""How often in a row the log must not be the one that the database knows, before the relay stops: brokers that start
may say so for a moment.
"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many events wait, and since when the oldest does (None: none waits)."""

    count: int
    oldest: datetime | None


class Relay:
    """One service's relay, in a thread. Metrics read `published`, `failures`, `leading`, `backlog()` and
    `stopped_reason`: why a person is needed.
    """

    def __init__(
        self,
        database: Database,
        table: Table,
        log: Log,
        lock: LeaderLock,
        clock: Clock,
        *,
        retention: timedelta = timedelta(days=1),
        precedence: Precedence | None = None,
        places: LogPlaces | None = None,
        failed: Callable[[], object] = lambda: None,
    ) -> None:
        """`places`: by which it is known whether log and database belong together; None: not compared. `failed` is told
        of every failure.
        """
        self._database = database
        self._table = table
        # made once: it is asked ten times a second
        self._unpublished = (
            select(table).where(table.c.published_at.is_(None)).order_by(table.c.position).limit(_BATCH)
        )
        self._log = log
        self._lock = lock
        self._clock = clock
        self._retention = retention
        self._precedence = precedence or Precedence()
        self._places = places
        self._compared_at: datetime | None = None
        self._doubts = 0
        self.stopped_reason: str | None = None
        self._marking: int | None = None
        self._news = News(database)
        self._wake = threading.Event()
        self._cleaned_at: datetime | None = None
        self._thread = Background("relay", self._rounds(), failed)
        self.published = 0
        self.failures = 0
        self.leading = False
        database.on_commit(self.notify)

    def start(self) -> None:
        """Start the thread; once only."""
        self._thread.start()

    def stop(self, timeout: float = STOP_SECONDS) -> bool:
        """End after the batch at hand; whether the thread ended in so many seconds."""
        return self._thread.stop(timeout)

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.alive

    def notify(self) -> None:
        """Something was committed: look now instead of at the next poll. Marks of its own are no news."""
        if self._marking != threading.get_ident():
            self._wake.set()

    def run(self, stop: threading.Event) -> None:
        """Publish until `stop` is set. A failure is logged and tried again after a growing pause; a log and a database
        that do not belong together end it, with `stopped_reason`.
        """
        self._rounds().run(stop)

    def _rounds(self) -> Rounds:
        failing = "the outbox could not be published"
        return Rounds(lambda _stop: self._round(), failing, again=_BACK_OFF_SECONDS, ending=self._end)

    def _round(self) -> None:
        try:
            moved = self.publish_batch()
            self._doubts = 0
        except Exception as error:  # what was not marked as published stays in the outbox and goes out later
            self.failures += 1
            self._compared_at = None
            if self._stopped_by(error):
                raise Over from error
            raise
        if moved < _BATCH:
            self._rest()

    def _end(self) -> None:
        self.leading = False
        self._lock.release()

    def publish_batch(self) -> int:
        """Move one batch if this relay leads; how many events were moved. Raises what the log raises."""
        held = self._lock.held()
        self.leading = held or self._lock.acquire()
        if not held:  # whoever led meanwhile, or put the database back, has told this one nothing
            self._compared_at = None
        if not self.leading:
            return 0
        self._compare()
        with self._news.since() as came:
            moved = self._move() if came else 0
        self._clean()
        self._database.scrub()
        return moved

    def backlog(self) -> Backlog:
        """The events that wait. Raises Unavailable when the database does not answer."""
        table = self._table
        query = select(func.count(), func.min(table.c.created_at)).where(table.c.published_at.is_(None))
        with self._database.read() as session:
            count, oldest = session.execute(query).one()
        return Backlog(count, oldest)

    def _move(self) -> int:
        rows = self._waiting()
        if rows:
            reach("relay.before_append")
            ends = self._log.append([_record(row) for row in rows])
            reach("relay.after_append_before_mark")
            self._mark(rows, ends)
            reach("relay.after_mark")
            self.published += len(rows)
        return len(rows)

    def _compare(self) -> None:
        """Whether log and database belong together: at first, after every failure, with each lead, every minute."""
        now = self._clock.now()
        if self._places is None:
            return
        if self._compared_at is None or not timedelta() <= now - self._compared_at < _COMPARE_EVERY:
            self._places.check(self._database, self._log)
            self._compared_at = now

    def _stopped_by(self, error: Exception) -> bool:
        self._doubts = self._doubts + 1 if isinstance(error, OutOfRange) else 0
        if self._doubts < _DOUBTS:
            return False
        self.stopped_reason = str(error)
        _logger.critical("the relay stopped: %s", error)
        return True

    def _rest(self) -> None:
        """Wait for a commit, and until those who read what it wrote have their answers."""
        if self._wake.wait(_POLL_SECONDS):
            self._precedence.give_way(_PATIENCE_SECONDS)
        self._wake.clear()

    def _waiting(self) -> list[Row[Any]]:
        with self._database.read() as session:
            rows = list(session.execute(self._unpublished).all())
            suspect = bool(rows) and self._places is not None and self._places.went_back(session)
        if suspect:
            self._compared_at = None
            self._compare()
        return rows

    def _mark(self, rows: Sequence[Row[Any]], ends: Mapping[str, int]) -> None:
        table, told = self._table, Counter(row.topic for row in rows)
        mine = table.c.position.in_([row.position for row in rows]) & table.c.published_at.is_(None)
        statement = update(table).where(mine).returning(table.c.position)
        self._marking = threading.get_ident()
        try:
            with self._database.write() as session:
                marked = session.execute(statement.values(published_at=self._clock.now())).all()
                # of what somebody else has told, or erased, meanwhile this is not the place to say where it ends
                late = len(marked) < len(rows)
                if self._places is not None and (late or self._places.note(session, ends, told)):
                    self._compared_at = None
        finally:
            self._marking = None

    def _clean(self) -> None:
        """Delete what was published longer ago than the retention; looks once a minute."""
        now = self._clock.now()
        if self._cleaned_at is not None and now - self._cleaned_at < _CLEAN_EVERY:
            return
        with self._database.write() as session:
            session.execute(delete(self._table).where(self._table.c.published_at < now - self._retention))
        self._cleaned_at = now


def _record(row: Row[Any]) -> Record:
    return Record(topic=row.topic, key=row.aggregateid, value=row.payload, headers=row.headers)
