"""P10: the three databases on PostgreSQL, put back to any one moment from a base backup and its journal, are what they
were then; whoever was erased since is erased again, and the matcher reads on to where it was.
"""

import random
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.chassis.log.log import open_log
from services.chassis.storage.db import Database, open_engine
from services.chassis.storage.migration import migrate
from services.funding.app import BLUEPRINT as FUNDING
from services.matcher.app import BLUEPRINT as MATCHER
from services.talent.app import BLUEPRINT as TALENT
from tests.integration.matcher.installed import prepare
from tests.promises.holdings import Holding, Ledgers, Matches, People
from tests.servers.postgres import BaseBackup, PostgresServer
from tests.storm.house import until

STEPS = 40
ARCHIVE_SECONDS = 120.0
_BLUEPRINTS = (TALENT, FUNDING, MATCHER)


@dataclass(frozen=True, slots=True)
class Moment:
    """What was true in each service when the journal had come so far."""

    place: str
    states: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the three services hold."""

    people: People
    ledgers: Ledgers
    matches: Matches

    def all(self) -> tuple[Holding, ...]:
        """In the order of a moment's states."""
        return self.people, self.ledgers, self.matches

    def broken(self, when: str) -> Iterator[str]:
        """What does not agree with itself, in any of them."""
        yield from (f"{when}: {said}" for each in self.all() for said in each.broken())


def violations(seed: int, steps: int = STEPS) -> list[str]:
    """Everything that does not hold after a backup in the middle of so many changes to each service, and a
    restore to one of the moments after it.
    """
    rng = random.Random(seed)
    options = {"wal_level": "replica", "archive_mode": "on", "max_wal_senders": "4"}
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        log = prepare(open_log(f"sqlite:///{directory}/log.db"))
        stack.callback(log.close)
        server = stack.enter_context(PostgresServer(durable=True, options=options))
        archive = server.make_directory("archive")
        with server.connect() as orders:
            orders.execute(f"ALTER SYSTEM SET archive_command = 'cp %p {archive}/%f'")
            orders.execute("SELECT pg_reload_conf()")
        names = [server.create_database(each.name) for each in _BLUEPRINTS]
        with _databases(server, names) as (talent, funding, matcher):
            held = Holdings(
                People(talent, rng), Ledgers(funding, rng), Matches(matcher, log, directory / "before", rng)
            )
            held.ledgers.begin()
            held.matches.begin()
            for number in range(steps // 2):
                _step(server, held, number)
            backup = server.back_up()
            moments = [_step(server, held, number) for number in range(steps // 2, steps)]
            gone, pairs = held.people.gone(), set(held.matches.matcher.lists())
            held.matches.end()
        _archive_all(server, archive)
        return list(_restored(backup, archive, names, rng.choice(moments), held, gone, pairs, directory))


def _step(server: PostgresServer, held: Holdings, number: int) -> Moment:
    """One change in each, and what is true afterwards."""
    for each in held.all():
        each.step(number)
    with server.connect() as connection:
        place = connection.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
    return Moment(str(place[0] if place else ""), tuple(each.state() for each in held.all()))


def _restored(
    backup: BaseBackup,
    archive: Path,
    names: list[str],
    moment: Moment,
    before: Holdings,
    gone: list[str],
    pairs: set[Any],
    directory: Path,
) -> Iterator[str]:
    """Put the backup back, up to the moment, and compare; then let erasures be done again, and the log be read on."""
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
        with _databases(server, names) as (talent, funding, matcher):
            held = Holdings(
                People(talent, before.people.rng),
                Ledgers(funding, before.ledgers.rng),
                before.matches.restored(matcher, directory / "after"),
            )
            for blueprint, one, was in zip(_BLUEPRINTS, held.all(), moment.states, strict=True):
                if (now := one.state()) != was:
                    yield f"{blueprint.name}: {now}, not {was}"
            yield from held.broken("restored")
            yield from held.people.erase_again(gone)
            yield from held.matches.go_on(pairs)
            yield from held.broken("at the end")
            held.matches.end()


@contextmanager
def _databases(server: PostgresServer, names: list[str]) -> Iterator[list[Database]]:
    """Each service's, with its schema."""
    with ExitStack() as stack:
        opened = []
        for blueprint, name in zip(_BLUEPRINTS, names, strict=True):
            database = Database(open_engine(server.database_url(name), pool_size=8))
            stack.callback(database.close)
            migrate(database.engine, blueprint.migrations, blueprint.name)
            opened.append(database)
        yield opened


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
