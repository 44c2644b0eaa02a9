"""P10: a library on PostgreSQL, put back to any moment from a base backup and its journal, is what it was then; whoever
was erased since is erased again.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from services.chassis.audit import Audit, verify
from services.chassis.db import Database, open_engine
from services.chassis.migration import migrate
from services.kernel.clock import ManualClock
from services.talent.app import BLUEPRINT
from services.talent.service.erasing import Erasing
from services.talent.service.erasing_again import ErasingAgain, erased
from services.talent.store.schema import person, shared
from tests.integration.talent.installed import Talent
from tests.integration.talent.library import Library
from tests.servers.postgres import BaseBackup, PostgresServer
from tests.storm.house import until

STEPS = 40
ARCHIVE_SECONDS = 120.0
_NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Moment:
    """What was true when the journal had come so far: version and profile of each person, and events not told."""

    place: str
    people: dict[str, tuple[int, str]]
    untold: int


def violations(seed: int) -> list[str]:
    """Everything that does not hold after a backup in the middle of changes, more changes, and a restore to one of the
    moments after it.
    """
    rng = random.Random(seed)
    options = {"wal_level": "replica", "archive_mode": "on", "max_wal_senders": "4"}
    with PostgresServer(durable=True, options=options) as server:
        archive = server.make_directory("archive")
        server.connect().execute(f"ALTER SYSTEM SET archive_command = 'cp %p {archive}/%f'")
        server.connect().execute("SELECT pg_reload_conf()")
        name = server.create_database("talent")
        with _library(server.database_url(name)) as library:
            course = _Course(server, library, rng)
            for number in range(STEPS // 2):
                course.step(number)
            backup = server.back_up()
            moments = [course.step(number) for number in range(STEPS // 2, STEPS)]
            gone = erased(library.database)
        _archive_all(server, archive)
        return list(_restored(backup, archive, name, rng.choice(moments), gone))


@dataclass
class _Course:
    """Changes one after the other, each a transaction of its own."""

    server: PostgresServer
    library: Library
    rng: random.Random
    ids: list[str] = field(default_factory=list)

    def step(self, number: int) -> Moment:
        """Somebody is registered, changed or erased; what is true afterwards."""
        drawn = self.rng.random()
        if len(self.ids) < 3 or drawn < 0.5:
            self.ids.append(self.library.register(ref=f"P-{number}", name="演示人", phone=f"139{number:08d}"))
        elif drawn < 0.8:
            with self.library.database.write() as session:
                one = self.library.people.get(session, self.rng.choice(self.ids))
                self.library.people.amend(session, one, {"profile": f"第{number}次"}, "tester")
        else:
            gone = self.ids.pop(self.rng.randrange(len(self.ids)))
            with self.library.database.write() as session:
                Erasing(self.library.people).erase(session, self.library.people.get(session, gone), "tester")
        with self.server.connect() as connection:
            place = connection.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
        return Moment(str(place[0] if place else ""), *_state(self.library.database))


def _restored(backup: BaseBackup, archive: Path, name: str, moment: Moment, gone: list[str]) -> Iterator[str]:
    """Put the backup back, up to the moment, and compare; then let the erasures be done again."""
    options = {
        "restore_command": f"cp {archive}/%f %p",
        "recovery_target_lsn": moment.place,
        "recovery_target_inclusive": "off",
        "recovery_target_action": "promote",
    }
    with PostgresServer(durable=True, options=options, restored=backup) as server:
        if not until(lambda: _is_up(server), ARCHIVE_SECONDS):
            yield "the restored server did not end its recovery"
            return
        with _library(server.database_url(name)) as library:
            people, untold = _state(library.database)
            if (people, untold) != (moment.people, moment.untold):
                yield f"{len(people)} people and {untold} events to tell, not {moment.people} and {moment.untold}"
            yield from _whole(library, "restored")
            again = ErasingAgain(
                library.database, Erasing(library.people), Audit(shared.audit), library.clock
            )
            once_more, left = set(people) & set(gone), set(people) - set(gone)
            if again.run(gone) != len(once_more):
                yield f"not each of {len(once_more)} was erased again"
            if set(_state(library.database)[0]) != left:
                yield "others were touched by the erasures"
            yield from _whole(library, "after the erasures")


def _whole(library: Library, when: str) -> Iterator[str]:
    """The chain of the audit and the counts of the map."""
    if (found := verify(library.database, shared.audit)).first_bad is not None:
        yield f"{when}: the audit is broken: {found}"
    with library.database.write() as session:
        if (wrong := library.talent.counter.rebuild(session, check=True)) != (0, 0):
            yield f"{when}: {wrong} counts differ from a recount"


def _state(database: Database) -> tuple[dict[str, tuple[int, str]], int]:
    with database.read() as session:
        rows = session.execute(select(person.c.id, person.c.version, person.c.profile)).all()
        untold = select(func.count()).select_from(shared.outbox).where(shared.outbox.c.published_at.is_(None))
        return {id_: (version, profile) for id_, version, profile in rows}, session.scalar(untold) or 0


@contextmanager
def _library(url: str) -> Iterator[Library]:
    database = Database(open_engine(url, pool_size=4))
    try:
        migrate(database.engine, BLUEPRINT.migrations, BLUEPRINT.name)
        yield Library(Talent.over(database, ManualClock(_NOW)))
    finally:
        database.close()


def _archive_all(server: PostgresServer, archive: Path) -> None:
    """What was written so far is in the archive."""
    with server.connect() as connection:
        last = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
    assert last is not None
    assert until((archive / last[0]).exists, ARCHIVE_SECONDS), "the journal was not archived"


def _is_up(server: PostgresServer) -> bool:
    with server.connect() as connection:
        row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
        return row is not None and not row[0]
