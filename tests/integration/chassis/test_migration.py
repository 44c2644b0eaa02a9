from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, text
from sqlalchemy.exc import IntegrityError

from services.chassis.configuration import ConfigurationError
from services.chassis.storage.columns import UtcInstant, new_metadata
from services.chassis.storage.db import Database
from services.chassis.storage.migration import (
    differences,
    downgrade,
    migrate,
    require_own,
    schema_is_current,
    schema_versions,
)

HISTORY = str(Path(__file__).parent / "history")


def wanted() -> MetaData:
    metadata = new_metadata()
    Table(
        "parent",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String(20), nullable=False),
    )
    Table(
        "child",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("parent_id", Integer, ForeignKey("parent.id", ondelete="CASCADE"), nullable=False),
        Column("at", UtcInstant),
    )
    return metadata


def test_up_is_level_with_the_tables_and_down_leaves_nothing(database: Database) -> None:
    assert not schema_is_current(database.engine, HISTORY, "thing")
    migrate(database.engine, HISTORY, "thing")
    assert schema_is_current(database.engine, HISTORY, "thing")
    assert differences(database.engine, wanted(), "thing") == []
    downgrade(database.engine, HISTORY, "thing")
    assert schema_versions(database.engine, HISTORY, "thing").found is None
    assert len(differences(database.engine, wanted(), "thing")) == 2


def test_a_step_keeps_the_rows_that_refer_to_a_rebuilt_table(database: Database) -> None:
    migrate(database.engine, HISTORY, "thing", revision="first")
    with database.write() as session:
        session.execute(text("INSERT INTO parent VALUES (1, 'one')"))
        session.execute(text("INSERT INTO child (id, parent_id) VALUES (1, 1)"))
    migrate(database.engine, HISTORY, "thing")
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM child")) == 1
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(text("INSERT INTO child (id, parent_id) VALUES (2, 9)"))
    with pytest.raises(IntegrityError, match="append-only"), database.write() as session:
        session.execute(text("DELETE FROM child"))


def test_a_failed_step_changes_nothing(database: Database) -> None:
    migrate(database.engine, HISTORY, "thing", revision="first")
    with database.write() as session:
        session.execute(text("INSERT INTO parent VALUES (1, NULL)"))
    with pytest.raises(IntegrityError):
        migrate(database.engine, HISTORY, "thing")
    assert schema_versions(database.engine, HISTORY, "thing").found == "first"
    with database.write() as session:
        session.execute(text("UPDATE parent SET name = 'one'"))
    migrate(database.engine, HISTORY, "thing")


def test_several_processes_may_start_at_once(database: Database) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: migrate(database.engine, HISTORY, "thing"), range(3)))
    assert schema_is_current(database.engine, HISTORY, "thing")


def test_a_database_of_a_newer_program_or_of_another_service_is_refused(database: Database) -> None:
    require_own(database.engine, HISTORY, "thing")
    migrate(database.engine, HISTORY, "thing", revision="first")
    require_own(database.engine, HISTORY, "thing")
    for ask in (require_own, migrate):
        with pytest.raises(ConfigurationError, match=r"service thing, not of other.*second") as caught:
            ask(database.engine, HISTORY, "other")
        assert caught.value.key == "BOLE_OTHER_DATABASE_URL"
    with database.write() as session:
        session.execute(text("UPDATE alembic_version_thing SET version_num = 'third'"))
    for ask in (require_own, migrate):
        with pytest.raises(ConfigurationError, match=r"third.*second"):
            ask(database.engine, HISTORY, "thing")
