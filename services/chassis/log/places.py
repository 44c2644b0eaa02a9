"""Whether the log that a service writes to is the one it has written to, and its database knows all that was told: a
log begun anew, one that lost its end, and a database put back to an earlier moment, or begun anew, are noticed before
anything is told.

In the transaction that marks a batch as told, the database notes where the log of each topic ends then. What stands
after that place, with this service as its source, was told by a relay that ended before it could mark it: then the
outbox still holds it, or, where a person was erased meanwhile, history knows its version. Whatever else stands there
was told by a later state of the database. A batch that does not begin at the place of its topic shows that something
stands between: the place waits there until that was looked at.

A batch that begins before where its relay has seen the topic end shows that the log lost its end and has grown again
since, as an older copy of it does: the place is then of no log, until somebody accepts that.

A relay that stood still while it sent, for longer than it kept the lead, tells what the next one had told already, and
behind it: where that is not the last word on a key, the last word is told once more. Otherwise a log that keeps one
record for each key would keep the older one.

A database without a place has told nothing. If topics that this service alone writes to hold events that are older than
all that it remembers, another database told them. One that takes over from it enters into its history the last version
of every state, so that readers find the next one to be newer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Row, Table, func, insert, select, tuple_, update
from sqlalchemy.orm import Session

from services.chassis.feed.received import Poison
from services.chassis.log.cloudevents import parse
from services.chassis.log.log import Log, Stored
from services.chassis.log.refusals import ahead, cut, nothing_known, other_log
from services.chassis.outbox.journal import FORMER, HISTORY_COLUMNS
from services.chassis.storage.bulk import add_rows
from services.chassis.storage.chunks import chunks
from services.chassis.storage.db import Database
from services.kernel.clock import Clock

_PAGE = 500
_CUT = ""
"""The log of a place whose log lost its end and has grown past it again: no log has this name."""


class LogPlaces:
    """The rows of the table `log_place`: one for each topic that this database's relay wrote to."""

    def __init__(
        self,
        table: Table,
        outbox: Table,
        history: Table,
        source: str,
        clock: Clock,
        *,
        own: Sequence[str] = (),
        states: Sequence[str] = (),
        audited_at: Column[datetime] | None = None,
        from_log: bool = False,
    ) -> None:
        """`source`: by which events of this service name it (`ce_source`). `own`: the topics that it alone writes to;
        `states`: those of them that tell states. `audited_at`: the times in its audit. `from_log`: whether its database
        can be made again from the log.
        """
        self._table, self._outbox, self._history = table, outbox, history
        self._source = source
        self._clock = clock
        self._own, self._states = own, states
        self._remembered = [history.c.changed_at] + ([] if audited_at is None else [audited_at])
        self._from_log = from_log
        self._reached: dict[str, int] = {}

    def note(self, session: Session, ends: Mapping[str, int], told: Mapping[str, int]) -> bool:
        """Note up to where a batch of so many events of each topic was written. Whether a look is due: a topic is new
        here, or the batch does not begin where its topic was known to end, and then its place stays.
        """
        found = [self._note(session, topic, end, told[topic]) for topic, end in ends.items()]
        return any(found)

    def went_back(self, session: Session) -> bool:
        """Whether a place is before where this process has seen it: the database is of an earlier moment."""
        rows = session.execute(select(self._table.c.topic, self._table.c.next_offset))
        return any(row.next_offset < self._reached.get(row.topic, 0) for row in rows)

    def check(self, database: Database, log: Log) -> None:
        """Compare every place with the log, and move it up to the end of its topic; what was told late is told again.

        Raises OutOfRange: OTHER_LOG, LOG_CUT, LOG_AHEAD or DATABASE_EMPTY; and what database and log raise.
        """
        with database.read() as session:
            places = session.execute(select(self._table)).all()
            if not places and (topic := self._told_by_another(session, log)):
                raise nothing_known(topic, from_log=self._from_log)
        for place in places:
            identity, end = log.identity(place.topic), log.end(place.topic)
            if place.log_id not in (None, identity):
                raise other_log(place.topic)
            if end < place.next_offset:
                raise cut(place.topic, place.next_offset, end)
            with database.read() as session:
                last = self._compare(session, log, place, end)
            if (place.log_id, place.next_offset) != (identity, end):
                with database.write() as session:
                    self._tell_again(session, place.topic, last)
                    self._move(session, place.topic, end, identity)
            self._reached[place.topic] = end

    def accept(self, session: Session, log: Log) -> list[str]:
        """Take the log as it is for topics that were begun anew or lost their end; which these are.

        Whatever the outbox still holds of them is told once more. Raises OutOfRange for what no statement mends:
        LOG_AHEAD for another topic of which the database is behind, DATABASE_EMPTY unless it is made from the log.
        """
        accepted = self._begin(session, log)
        for place in session.execute(select(self._table)).all():
            identity, end = log.identity(place.topic), log.end(place.topic)
            if place.log_id in (None, identity) and end >= place.next_offset:
                self._compare(session, log, place, end)
                continue
            values = {"log_id": identity, "next_offset": end, "updated_at": self._clock.now()}
            session.execute(update(self._table).where(self._table.c.topic == place.topic).values(values))
            again = update(self._outbox).where(self._outbox.c.topic == place.topic)
            session.execute(again.values(published_at=None))
            accepted.append(str(place.topic))
        return accepted

    def _told_by_another(self, session: Session, log: Log) -> str | None:
        """A topic of ours with an event that is older than all that the database remembers."""
        known = [session.scalar(select(func.min(column))) for column in self._remembered]
        since = min((each for each in known if each is not None), default=None)
        for topic in self._own:
            first = log.first(topic)
            page = log.read(topic, first, _PAGE) if first < log.end(topic) else []
            if any(since is None or _time(each, since) < since for each in self._unknown(session, page)):
                return topic
        return None

    def _begin(self, session: Session, log: Log) -> list[str]:
        """Let a database that is made from the log go on behind its own events; of which topics there are some."""
        if session.scalar(select(func.count()).select_from(self._table)):
            return []
        if (topic := self._told_by_another(session, log)) is None:
            return []
        if not self._from_log:
            raise nothing_known(topic, from_log=False)
        ends = {each: log.end(each) for each in self._own}
        for each in self._states:
            self._take_over(session, log, each, ends[each])
        self.note(session, ends, ends)
        for each, end in ends.items():
            self._move(session, each, end, log.identity(each))
        return [each for each, end in ends.items() if end]

    def _take_over(self, session: Session, log: Log, topic: str, end: int) -> None:
        """Enter the last version of every state into history, unless it is known."""
        last, offset = dict[str, Stored](), log.first(topic)
        while offset < end and (page := log.read(topic, offset, _PAGE)):
            last |= {each.key: each for each in self._unknown(session, page)}
            offset = page[-1].offset + 1
        now = self._clock.now()
        rows = [(_entity(e), e.key, _version(e), _time(e, now), FORMER, e.value) for e in last.values()]
        add_rows(session, self._history, HISTORY_COLUMNS, rows)

    def _note(self, session: Session, topic: str, end: int, count: int) -> bool:
        table, values = self._table, {"next_offset": end, "updated_at": self._clock.now()}
        place = session.scalar(select(table.c.next_offset).where(table.c.topic == topic))
        if place is None:
            session.execute(insert(table).values(topic=topic, **values))
        elif end - count < self._reached.get(
            topic, 0
        ):  # only what this process saw: others may have come further
            session.execute(update(table).where(table.c.topic == topic).values(log_id=_CUT))
            return True
        else:
            following = (table.c.topic == topic) & (table.c.next_offset == end - count)
            if (
                session.execute(
                    update(table).where(following).values(values).returning(table.c.topic)
                ).first()
                is None
            ):
                return True
        self._reached[topic] = end
        return place is None

    def _move(self, session: Session, topic: str, end: int, identity: str) -> None:
        table = self._table
        mine = (table.c.topic == topic) & (table.c.next_offset <= end)
        values = {"log_id": identity, "next_offset": end, "updated_at": self._clock.now()}
        session.execute(update(table).where(mine).values(values))

    def _compare(self, session: Session, log: Log, place: Row[Any], end: int) -> dict[str, str]:
        """The id of the last event of ours of each key that stands after the place. Raises OutOfRange (LOG_AHEAD) for
        what is unknown there.
        """
        offset, last = place.next_offset, dict[str, str]()
        while offset < end and (page := log.read(place.topic, offset, _PAGE)):
            if strangers := self._unknown(session, page):
                raise ahead(place.topic, strangers[0].offset)
            last |= {each.key: _id(each) for each in page if each.headers.get("ce_source") == self._source}
            offset = page[-1].offset + 1
        return last

    def _tell_again(self, session: Session, topic: str, last: Mapping[str, str]) -> None:
        """What was told of these keys and is newer than the last event of theirs on the log. One that the outbox no
        longer holds is older than all that it does.
        """
        table, keys = self._outbox, sorted(last)
        for some in chunks(keys):
            mine = (table.c.topic == topic) & table.c.aggregateid.in_(some)
            found = session.execute(
                select(table.c.position, table.c.id, table.c.aggregateid).where(mine)
            ).all()
            at = {row.aggregateid: row.position for row in found if row.id == last[row.aggregateid]}
            newer = [row.position for row in found if row.position > at.get(row.aggregateid, 0)]
            session.execute(update(table).where(table.c.position.in_(newer)).values(published_at=None))

    def _unknown(self, session: Session, page: Sequence[Stored]) -> list[Stored]:
        """What this service told and neither outbox nor history knows."""
        own = [each for each in page if each.headers.get("ce_source") == self._source]
        column = self._outbox.c.id
        waiting = set(session.scalars(select(column).where(column.in_([_id(each) for each in own]))))
        rest = [each for each in own if _id(each) not in waiting]
        history = self._history
        names = tuple_(history.c.entity, history.c.id)
        query = select(history.c.entity, history.c.id, history.c.version).where(
            names.in_(sorted({(_entity(each), each.key) for each in rest}))
        )
        versions = {tuple(row) for row in session.execute(query)} if rest else set()
        return [each for each in rest if (_entity(each), each.key, _version(each)) not in versions]


def _time(record: Stored, otherwise: datetime) -> datetime:
    """When the event happened; what is none of ours says nothing."""
    try:
        return parse(record).time
    except Poison:
        return otherwise


def _id(record: Stored) -> str:
    return record.headers.get("ce_id", "")


def _entity(record: Stored) -> str:
    """`person` of the type `bole.person.changed.v1`."""
    return ".".join(record.headers.get("ce_type", "").split(".")[1:2])


def _version(record: Stored) -> int:
    said = record.headers.get("ce_sequence", "")
    return int(said) if said.isascii() and said.isdigit() else 0
