"""How far a feed has read, kept in the database that holds its effects, so that both change together."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Table, insert, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from services.chassis.log.log import Stored
from services.chassis.log.refusals import other_log
from services.kernel.clock import Clock
from services.kernel.errors import Aborted
from services.kernel.text import Text

# lock_not_available
_POSTGRESQL_LOCKED = "55P03"


class HandledElsewhere(Aborted):
    """Another process handles the same records of this feed, as replicas do: look again later."""


def following(records: Sequence[Stored]) -> dict[str, int]:
    """Where the topics of some records go on."""
    return {record.topic: record.offset + 1 for record in records}


class FeedOffsets:
    """The rows of one feed in the table `feed_offset`."""

    def __init__(self, table: Table, feed: str, clock: Clock) -> None:
        self._table = table
        self._feed = feed
        self._clock = clock

    def load(self, session: Session) -> dict[str, int]:
        """The next offset of every topic that was ever read."""
        table = self._table
        query = select(table.c.topic, table.c.next_offset).where(table.c.feed == self._feed)
        return {row.topic: row.next_offset for row in session.execute(query)}

    def ensure(self, session: Session, topics: Mapping[str, int]) -> None:
        """Add the rows of new topics, with their first offsets."""
        known = self.load(session)
        for topic, offset in topics.items():
            if topic not in known:
                row = {"feed": self._feed, "topic": topic, "next_offset": offset, "attempts": 0}
                session.execute(insert(self._table).values(row | {"updated_at": self._clock.now()}))

    def bind(self, session: Session, logs: Mapping[str, str]) -> None:
        """Note which log the offset of each topic is of, where that is not known yet.

        Raises OutOfRange (OTHER_LOG) for an offset that is of another one.
        """
        table = self._table
        mine = (table.c.feed == self._feed) & table.c.topic.in_(logs)
        for row in session.execute(select(table.c.topic, table.c.log_id).where(mine)).all():
            if row.log_id not in (None, logs[row.topic]):
                raise other_log(row.topic)
            if row.log_id is None:
                one = (table.c.feed == self._feed) & (table.c.topic == row.topic)
                session.execute(update(table).where(one).values(log_id=logs[row.topic]))

    def claim(self, session: Session) -> None:
        """Keep the rows to this transaction, before anything is done that only their holder may do.

        Raises HandledElsewhere (FEED_BUSY) when another process has them. To wait for it would last as long as its
        batch, keep this one from ending, and end in FEED_MOVED.
        """
        table = self._table
        mine = select(table.c.topic).where(table.c.feed == self._feed).order_by(table.c.topic)
        try:
            session.execute(mine.with_for_update(nowait=True)).all()
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != _POSTGRESQL_LOCKED:
                raise
            raise HandledElsewhere(
                Text(
                    f"另一个进程正在处理 {self._feed} 的事件，请稍后再看",
                    f"another process handles the events of {self._feed} just now; look again later",
                ),
                reason="FEED_BUSY",
            ) from error

    def advance(self, session: Session, topic: str, expected: int, following: int) -> None:
        """Move on from `expected` to `following`, which also clears the count of attempts.

        Raises HandledElsewhere (FEED_MOVED) when another consumer of the same name has moved it: the transaction must
        not commit.
        """
        table = self._table
        mine = (table.c.feed == self._feed) & (table.c.topic == topic) & (table.c.next_offset == expected)
        values = {"next_offset": following, "attempts": 0, "updated_at": self._clock.now()}
        moved = session.execute(update(table).where(mine).values(values).returning(table.c.topic))
        if moved.first() is None:
            raise HandledElsewhere(
                Text(
                    f"另一个进程已处理 {self._feed} 的 {topic}，请重新读取",
                    f"another process has handled {topic} for {self._feed}; read again from where it is",
                ),
                reason="FEED_MOVED",
            )

    def count_attempt(self, session: Session, topic: str) -> int:
        """Note that the next record of `topic` is about to be tried; how often it was, this time included."""
        table = self._table
        mine = (table.c.feed == self._feed) & (table.c.topic == topic)
        statement = update(table).where(mine).values(attempts=table.c.attempts + 1)
        return int(session.execute(statement.returning(table.c.attempts)).scalar_one())
