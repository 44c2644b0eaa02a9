"""Releases on both engines: kept whole, and changed by nobody."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from bole.events.v1 import shortage_release_event_pb2
from bole.talent.v1 import shortage_release_pb2
from services.catalogue import load
from services.chassis.outbox.journal import Journal
from services.chassis.storage.db import Database
from services.kernel.clock import ManualClock
from services.kernel.errors import Aborted, FailedPrecondition, NotFound
from services.kernel.ids import TimeOrderedIds
from services.talent.app import BLUEPRINT
from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release.lifecycle import Action, Release, ReleaseState
from services.talent.domain.shortage.method import Method
from services.talent.service.shortage.counting import start_counting
from services.talent.service.shortage.releases import Releases
from services.talent.service.shortage.shortage import ShortageMap
from services.talent.store.mapping import map_aggregates
from services.talent.store.schema import shared
from services.talent.store.shortage import releases as store
from tests.integration.templates import Templates


@pytest.fixture
def releases(database: Database, templates: Templates) -> Releases:
    map_aggregates()
    templates.fill(database, BLUEPRINT)
    catalogue, clock = load(), ManualClock(datetime(2026, 7, 1, 2, tzinfo=UTC))
    axes = Axes.of_catalogue(catalogue)
    counter, _ = start_counting(database, axes, Method(), catalogue.version, clock)
    ids = TimeOrderedIds(clock)
    journal = Journal(shared.history, shared.outbox, "/bole/talent", ids, clock)
    return Releases(ShortageMap(counter), catalogue, journal, clock, ids)


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


def taken(releases: Releases, database: Database, made: Release, action: Action, actor: str) -> Release:
    with database.write() as session:
        return releases.step(session, made, action, actor, "备注remark")


def told(database: Database) -> list[tuple[str, str, str, bytes]]:
    outbox = shared.outbox
    query = select(outbox.c.topic, outbox.c.aggregateid, outbox.c.type, outbox.c.payload)
    with database.read() as session:
        return [tuple(row) for row in session.execute(query.order_by(outbox.c.position))]


def test_a_signature_is_told_once_without_names_and_cells(releases: Releases, database: Database) -> None:
    made = drafted(releases, database)
    checked = taken(releases, database, made, Action.CHECK, "bo")
    assert told(database) == []
    signed = taken(releases, database, checked, Action.SIGN, "cai")
    with pytest.raises(FailedPrecondition):
        taken(releases, database, signed, Action.SIGN, "dan")
    ((topic, key, kind, payload),) = told(database)
    assert (topic, key, kind) == (
        "bole.shortage-releases.v1",
        made.id,
        "bole.shortage-release.changed.v1",
    )
    event = shortage_release_event_pb2.ShortageReleaseState.FromString(payload)
    assert (event.id, event.version, event.quarter, event.revision) == (made.id, 3, "2026Q2", 1)
    assert event.edition == shortage_release_pb2.STATISTICS_EDITION_INTERNAL
    assert event.content_sha256 == made.content_sha256
    assert (event.cell_count, event.hidden_count) == (made.cells, made.hidden)
    assert event.sign_time.ToDatetime(UTC) == signed.life.steps[-1].at
    assert "备注remark".encode() not in payload
    assert not {"ann", "bo", "cai"} & {value for _, value in event.ListFields() if isinstance(value, str)}


def test_a_release_turned_down_is_not_told(releases: Releases, database: Database) -> None:
    made = drafted(releases, database)
    taken(releases, database, made, Action.REJECT, "bo")
    assert told(database) == []


def test_what_is_not_signed_in_the_end_is_not_told(releases: Releases, database: Database) -> None:
    checked = taken(releases, database, drafted(releases, database), Action.CHECK, "bo")

    def fail() -> None:
        with database.write() as session:
            releases.step(session, checked, Action.SIGN, "cai", "")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    taken(releases, database, checked, Action.SIGN, "cai")
    with pytest.raises(Aborted):
        taken(releases, database, checked, Action.SIGN, "dan")
    assert len(told(database)) == 1
