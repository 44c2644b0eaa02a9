"""The schema: level with the tables, up and down, and match events that nobody can change."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from services.chassis.storage.db import Database, open_engine
from services.chassis.storage.migration import differences, downgrade, migrate, schema_versions
from services.matcher.app import BLUEPRINT
from services.matcher.domain.partners.partner import KeyState, Scope
from services.matcher.store.mapping import map_aggregates
from services.matcher.store.partners import partners

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    sqlite = request.param == "sqlite"
    return Database(
        open_engine(f"sqlite:///{tmp_path}/m.db" if sqlite else str(request.getfixturevalue("postgres_url")))
    )


def test_up_is_level_with_the_tables_and_down_leaves_nothing(database: Database) -> None:
    migrate(database.engine, BLUEPRINT.migrations, BLUEPRINT.name)
    assert differences(database.engine, BLUEPRINT.metadata, BLUEPRINT.name) == []
    downgrade(database.engine, BLUEPRINT.migrations, BLUEPRINT.name)
    assert schema_versions(database.engine, BLUEPRINT.migrations, BLUEPRINT.name).found is None
    database.close()


def test_what_the_first_schema_holds_survives_the_second(database: Database) -> None:
    migrate(database.engine, BLUEPRINT.migrations, BLUEPRINT.name, revision="matcher_0001")
    with database.write() as session:
        session.execute(text("INSERT INTO match_counter (id, last) VALUES (1, 7)"))
        session.execute(
            text("INSERT INTO partner (id, name, secret, created_at) VALUES ('p', 'x', :bytes, :at)"),
            {"bytes": b"s", "at": AT.isoformat(sep=" ")},
        )
        session.execute(
            text("INSERT INTO partner_key (key_id, partner_id, digest) VALUES ('k', 'p', :bytes)"),
            {"bytes": b"d"},
        )
    migrate(database.engine, BLUEPRINT.migrations, BLUEPRINT.name)
    map_aggregates()
    with database.read() as session:
        row = session.execute(text("SELECT last, encoder_version FROM match_counter")).one()
        key = partners.key(session, "k")
    assert tuple(row) == (7, None)
    assert key is not None
    assert (key.scope, key.created_at, key.state(AT)) == (Scope.FULL, AT, KeyState.LIVE)
    database.close()


@pytest.mark.parametrize("statement", ["DELETE FROM match_event", "UPDATE match_event SET rank = 9"])
def test_match_events_are_append_only(database: Database, statement: str) -> None:
    migrate(database.engine, BLUEPRINT.migrations, BLUEPRINT.name)
    values = "1, 'CREATED', 'k', 'a', 'c', 0.5, 1, '[]', '', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP"
    with database.write() as session:
        names = "sequence, type, kind, anchor_id, candidate_id, log_odds, rank, directions, city"
        session.execute(text(f"INSERT INTO match_event ({names}, changed_at, event_at) VALUES ({values})"))
    with pytest.raises(IntegrityError, match="append-only"), database.write() as session:
        session.execute(text(statement))
    database.close()
