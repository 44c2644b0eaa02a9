"""The schema of the talent service: up, level with the tables, down; what older versions knew is kept."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from services.chassis.storage.db import Database
from services.chassis.storage.migration import (
    differences,
    downgrade,
    migrate,
    schema_is_current,
    schema_versions,
)
from services.talent.app import BLUEPRINT
from services.talent.domain.people.availability import Availability
from services.talent.domain.people.person import PersonStatus, Purpose
from services.talent.service.completion import Completion
from services.talent.store import schema
from tests.integration.talent.installed import KEYS
from tests.integration.talent.library import Library

_THEN = datetime(2026, 5, 1, tzinfo=UTC)


def test_up_is_level_with_the_tables_and_down_leaves_nothing(database: Database) -> None:
    engine, where, name = database.engine, BLUEPRINT.migrations, BLUEPRINT.name
    migrate(engine, where, name)
    assert schema_is_current(engine, where, name)
    assert differences(engine, BLUEPRINT.metadata, name) == []
    downgrade(engine, where, name)
    assert schema_versions(engine, where, name).found is None
    migrate(engine, where, name)
    assert differences(engine, BLUEPRINT.metadata, name) == []


def test_what_older_versions_knew_of_people_becomes_a_statement_each(
    library: Library, database: Database
) -> None:
    engine, where, name = database.engine, BLUEPRINT.migrations, BLUEPRINT.name
    downgrade(engine, where, name, revision="talent_0002")
    with database.write() as session:
        for id_, status in (("old-1", PersonStatus.ACTIVE), ("old-2", PersonStatus.WITHDRAWN)):
            _, wrapped = KEYS.create(f"persons/{id_}")
            session.execute(insert(schema.person), _row(id_, status))
            session.execute(insert(schema.person_key), {"person_id": id_, "wrapped": wrapped})
    migrate(engine, where, name)
    completion = Completion(library.people.assertions, library.people.consents)
    assert completion.run(database) == 2
    assert completion.run(database) == 0
    assert library.shown("old-1").phone == "13900000000"
    assert library.rows(text("SELECT count(*) FROM person WHERE phone IS NOT NULL"))[0][0] == 0
    with database.read() as session:
        found = library.people.consents.purposes(session, ["old-1", "old-2"])
    assert found == {"old-1": {Purpose.STATISTICS}, "old-2": frozenset()}


def test_what_was_stated_and_consented_to_is_neither_changed_nor_deleted(library: Library) -> None:
    library.register()
    for table in ("statement", "consent_entry"):
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET entered_by = 'x'"):
            with pytest.raises(DBAPIError, match="append-only"), library.database.write() as session:
                session.execute(text(change))


def _row(id_: str, status: PersonStatus) -> dict[str, Any]:
    return {
        "id": id_,
        "ref": id_,
        "name": "欧阳明",
        "category": "outstanding-engineer",
        "city": "nantong",
        "mobility": (),
        "availability": Availability.NOW,
        "direction_shares": (("seawater-h2", 1000),),
        "employer": "",
        "title": "",
        "profile": "",
        "works": (),
        "phone": "13900000000",
        "email": "",
        "id_digest": None,
        "observed": date(2026, 4, 1),
        "purposes": frozenset({Purpose.STATISTICS}),
        "status": status,
        "status_reason": "",
        "origin": "REAL",
        "version": 1,
        "created_at": _THEN,
        "updated_at": _THEN,
    }
