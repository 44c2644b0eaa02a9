"""Statistical returns (统计报送): what a service counts of quarters that have ended, told as states on the log.

A quarter is counted again when something has changed since, and told again when the figures differ. The figures that
were told last are read from the history: there is no other record of them. What a former database told stands: this one
has not got what was counted then.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from bole.common.v1 import data_origin_pb2
from bole.events.v1.statistical_return_event_pb2 import StatisticalReturnState
from services.chassis.outbox.journal import FORMER, Change, Journal, Topic
from services.chassis.process.background import Rounds
from services.chassis.process.precedence import Precedence
from services.chassis.rpc.wire import instant_to_wire
from services.chassis.storage.db import Database
from services.kernel.clock import Clock, civil_date, midnight

QUARTERS: Final = 8
"""How many ended quarters are told of."""
ACTOR: Final = "bole/returns"
_LOOK_SECONDS, _PATIENCE_SECONDS = 5.0, 0.5
_REST_FACTOR = 20
Figures = Mapping[tuple[str, str], int]
"""Numbers by code and by what they are of (empty for all)."""


@dataclass(frozen=True, slots=True)
class Span:
    """A quarter: its code, its first day, and the first day after it."""

    code: str
    starts: date
    ends: date

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """Its first instant, and the first one after it."""
        return midnight(self.starts), midnight(self.ends)


@dataclass(frozen=True)
class Counted:
    """The figures of a quarter; `synthetic` as soon as one of the things counted is sample data."""

    figures: Figures
    synthetic: bool


class Counting(Protocol):
    """What a service counts."""

    @property
    def version(self) -> str:
        """Of the method."""
        ...

    def stamp(self, session: Session) -> tuple[int, ...]:
        """Differs once something that is counted has changed; zeros alone while there is nothing to count."""
        ...

    def of(self, session: Session, span: Span) -> Counted:
        """The figures of one quarter, as they are known now."""
        ...


def ended(today: date, quarters: int = QUARTERS) -> Iterator[Span]:
    """The last quarters that have ended, oldest first."""
    now = today.year * 4 + (today.month - 1) // 3
    for at in range(now - quarters, now):
        (year, number), (next_year, next_number) = divmod(at, 4), divmod(at + 1, 4)
        starts, ends = date(year, 3 * number + 1, 1), date(next_year, 3 * next_number + 1, 1)
        yield Span(f"{year}Q{number + 1}", starts, ends)


@dataclass
class Returns:
    """Tells the returns of one service. Any number of processes may: the first one to write a version tells it."""

    database: Database
    journal: Journal
    history: Table
    topic: Topic
    counting: Counting
    clock: Clock
    precedence: Precedence
    _seen: tuple[date, tuple[int, ...]] | None = None
    _took: float = 0.0

    @property
    def rounds(self) -> Rounds:
        """Looking from time to time, and resting after it for many times as long as it took."""
        return Rounds(
            lambda _stop: self._round(),
            "a return could not be told",
            lambda: max(_LOOK_SECONDS, _REST_FACTOR * self._took),
        )

    def _round(self) -> None:
        self.precedence.give_way(_PATIENCE_SECONDS)
        began = time.monotonic()
        try:
            self.look()
        finally:
            self._took = time.monotonic() - began

    def look(self) -> int:
        """Count the quarters if anything has changed, and tell of those whose figures differ; how many were told."""
        today = civil_date(self.clock.now())
        with self.database.read() as session:
            stamp = today, self.counting.stamp(session)
            if stamp == self._seen or not any(stamp[1]):
                return 0
            counted = [(span, self.counting.of(session, span)) for span in ended(today)]
            news = [(span, each) for span, each in counted if self._news(session, span, each) is not None]
        for span, each in news:
            self._tell(span, each)
        self._seen = stamp
        return len(news)

    def _tell(self, span: Span, counted: Counted) -> None:
        with self.database.write() as session:
            state = self._news(session, span, counted)
            if state is not None:
                self.journal.record(session, [Change(self.topic, span.code, state.version, state, ACTOR)])

    def _news(self, session: Session, span: Span, counted: Counted) -> StatisticalReturnState | None:
        """The next version of a return; None if the figures are those that were told, or not ours to tell."""
        told, actor = self._told(session, span.code)
        if actor == FORMER:
            return None
        synthetic = counted.synthetic
        state = StatisticalReturnState(
            id=span.code,
            version=told.version,
            method_version=self.counting.version,
            known_time=told.known_time,
            figures=[
                StatisticalReturnState.Figure(code=code, of=of, value=value)
                for (code, of), value in sorted(counted.figures.items())
                if value
            ],
            origin=data_origin_pb2.DATA_ORIGIN_SYNTHETIC if synthetic else data_origin_pb2.DATA_ORIGIN_REAL,
        )
        if told.version and state == told:
            return None
        state.version += 1
        state.known_time.CopyFrom(instant_to_wire(self.clock.now()))
        return state

    def _told(self, session: Session, code: str) -> tuple[StatisticalReturnState, str]:
        """What was told last of a quarter, and by whom; version 0 if nothing was."""
        table = self.history
        query = select(table.c.state, table.c.actor).where(
            table.c.entity == self.topic.entity, table.c.id == code
        )
        known = session.execute(query.order_by(table.c.version.desc()).limit(1)).first()
        if known is None:
            return StatisticalReturnState(), ""
        return StatisticalReturnState.FromString(known.state or b""), known.actor
