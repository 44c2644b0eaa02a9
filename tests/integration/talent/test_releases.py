"""Releases on both engines: kept whole, and changed by nobody."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.catalogue import load
from services.chassis.db import Database
from services.chassis.migration import migrate
from services.kernel.clock import ManualClock
from services.kernel.errors import Aborted, NotFound
from services.kernel.ids import TimeOrderedIds
from services.talent.app import BLUEPRINT
from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release.lifecycle import Action, Release, ReleaseState
from services.talent.domain.shortage.method import Method
from services.talent.service.counting import start_counting
from services.talent.service.releases import Releases
from services.talent.service.shortage import ShortageMap
from services.talent.store import releases as store
from services.talent.store.mapping import map_aggregates


@pytest.fixture
def releases(database: Database) -> Releases:
    map_aggregates()
    migrate(database.engine, BLUEPRINT.migrations, BLUEPRINT.name)
    catalogue, clock = load(), ManualClock(datetime(2026, 7, 1, 2, tzinfo=UTC))
    axes = Axes.of_catalogue(catalogue)
    counter, _ = start_counting(database, axes, Method(), catalogue.version, clock)
    return Releases(ShortageMap(counter), catalogue, clock, TimeOrderedIds(clock))


def drafted(releases: Releases, database: Database) -> Release:
    with database.read() as session:
        draft = releases.draft(session, "2026Q2", Edition.INTERNAL, "ann")
    with database.write() as session:
        return releases.keep(session, draft)


def test_what_is_kept_is_what_was_drafted(releases: Releases, database: Database) -> None:
    made = drafted(releases, database)
    with database.write() as session:
        checked = releases.step(session, made, Action.CHECK, "bo", "好")
    with database.read() as session:
        found = releases.get(session, made.id, Edition.INTERNAL)
        assert found == checked
        assert found.life.state is ReleaseState.CHECKED
        assert len(store.rows(session, made.id)) == made.cells
        assert releases.recomputed(session, found) == made.content_sha256
        with pytest.raises(NotFound):
            releases.get(session, made.id, Edition.PUBLIC)


def test_of_two_steps_at_once_one_is_taken(releases: Releases, database: Database) -> None:
    made = drafted(releases, database)
    with database.write() as session:
        releases.step(session, made, Action.CHECK, "bo", "")
    with pytest.raises(Aborted), database.write() as session:
        releases.step(session, made, Action.CHECK, "cai", "")


def test_the_database_lets_no_release_change(releases: Releases, database: Database) -> None:
    drafted(releases, database)
    for table, column in (
        ("shortage_release", "origin"),
        ("shortage_release_content", "release_id"),
        ("shortage_release_step", "actor"),
    ):
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = 'x'"):
            with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
                session.execute(text(change))
