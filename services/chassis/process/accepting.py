"""`python -m services.<name> accept-log`: somebody states that a log, begun anew or without its end, is the one now."""

import sys

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from services.chassis.feed.tables import FeedTables
from services.chassis.house import Blueprint, House
from services.chassis.log.log import Log
from services.chassis.log.places import LogPlaces
from services.chassis.log.topics import STATES, policies
from services.chassis.process.leadership import leader_lock
from services.kernel.clock import Clock
from services.kernel.errors import BoleError, FailedPrecondition
from services.kernel.text import Text


def accept_log(blueprint: Blueprint, house: House) -> int:
    """Take the log as it is: feeds read what was replaced from its beginning, the outbox is told to it again.

    1 for a service whose relay is at work, and for a database behind its log, or empty beside one, which no statement
    mends; nothing changed then.
    """
    lock = leader_lock(house.database.engine, "relay")
    try:
        if not lock.acquire():
            raise _running(blueprint.name)
        house.log.ensure_topics(policies())
        with house.database.write() as session:
            read = _read_anew(session, house.log, house.tables.feed, house.clock)
            told = places_of(blueprint, house).accept(session, house.log)
    except BoleError as error:
        sys.stderr.write(f"{error.text}\n")
        return 1
    finally:
        lock.release()
    again = ", ".join(sorted({*read, *told})) or "-"
    sys.stdout.write(
        f"{Text(f'已接受日志；从头读取或重发：{again}', f'accepted; read or told anew: {again}')}\n"
    )
    return 0


def places_of(blueprint: Blueprint, house: House) -> LogPlaces:
    """Where the log ended when the service of this house last wrote to it."""
    tables = house.tables
    return LogPlaces(
        tables.feed.places,
        tables.outbox,
        tables.history,
        house.journal.source,
        house.clock,
        own=[topic.name for topic in blueprint.tells],
        states=[topic.name for topic in blueprint.tells if topic in STATES],
        audited_at=tables.audit.entries.c.at,
        from_log=blueprint.from_log,
    )


def _read_anew(session: Session, log: Log, tables: FeedTables, clock: Clock) -> list[str]:
    """Put the feeds of topics that were begun anew, or lost their end, back to the beginning; which topics."""
    table: Table = tables.offsets
    topics = []
    for row in session.execute(select(table).where(table.c.topic.in_(policies()))).all():
        identity = log.identity(row.topic)
        if row.log_id in (None, identity) and row.next_offset <= log.end(row.topic):
            continue
        values = {"log_id": identity, "next_offset": log.first(row.topic), "attempts": 0}
        mine = (table.c.feed == row.feed) & (table.c.topic == row.topic)
        session.execute(update(table).where(mine).values(values | {"updated_at": clock.now()}))
        topics.append(str(row.topic))
    return topics


def _running(name: str) -> FailedPrecondition:
    return FailedPrecondition(
        Text(
            f"服务 {name} 仍在运行，请先停止它的所有进程",
            f"the service {name} runs; stop all its processes first",
        ),
        reason="SERVICES_RUNNING",
    )
