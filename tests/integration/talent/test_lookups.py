"""Who looked at a person: found by an index on both engines, beside a chain that stays whole."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Select, select, text

from services.chassis.audit.audit import Audit, AuditEntry, AuditTables, verify
from services.chassis.storage.db import Database
from services.chassis.storage.migration import downgrade, migrate
from services.talent.app import BLUEPRINT
from services.talent.domain.privacy.lookup import REVEAL
from services.talent.service.privacy.erasing import Erasing
from services.talent.store.privacy import lookups
from services.talent.store.schema import metadata, shared
from tests.integration.talent.library import Library

SHOWN = metadata.tables["audit_shown"]
WITHOUT_INDEX = AuditTables(shared.audit.entries, shared.audit.head)
_AT = datetime(2026, 7, 1, tzinfo=UTC)


def entry(action: str, resource: str, names: Iterable[str] = ()) -> AuditEntry:
    listed = sorted(names)
    detail = {"fields": ["phone"], "resources": listed, "count": len(listed)} if listed else {}
    return AuditEntry(_AT, "looker", ("talent_officer",), action, resource, "contact", "shown", "r", detail)


def look(database: Database, *names: str, tables: AuditTables = shared.audit) -> int:
    with database.write() as session:
        made = entry(REVEAL, "bole.talent.v1.LibraryService/GetPerson", names)
        return Audit(tables).append(session, made, names)


def change(database: Database, name: str) -> int:
    with database.write() as session:
        return Audit(shared.audit).append(session, entry("update", name))


def numbers(database: Database, *names: str, before: int | None = None, limit: int = 50) -> list[int]:
    with database.read() as session:
        return [each.number for each in lookups.looks_at(session, names, before, limit)]


def test_looks_and_changes_come_newest_first_a_page_at_a_time(library: Library) -> None:
    database = library.database
    made = [
        look(database, "persons/a", "persons/b"),
        change(database, "persons/a"),
        look(database, "persons/a/statements/3", "persons/a"),
        look(database, "nominations/n"),
    ]
    look(database, "persons/ab")
    change(database, "persons/b")
    names = ("persons/a", "nominations/n")
    assert numbers(database, *names) == made[::-1]
    assert numbers(database, *names, limit=2) == made[:1:-1]
    assert numbers(database, *names, before=made[2]) == made[1::-1]
    assert numbers(database, "persons/c") == []


def test_the_trail_is_never_read_as_a_whole(library: Library) -> None:
    with library.database.write() as session:
        for number in range(1500):
            name = f"persons/p{number}"
            Audit(shared.audit).append(session, entry(REVEAL, "GetPerson", [name]), [name])
            Audit(shared.audit).append(session, entry("update", name))
    with library.database.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    names = ["persons/p7", "nominations/n"]
    for before in (None, 900):
        shown, changing = (plan(library.database, q) for q in lookups.numbers(names, before, 50))
        assert "pk_audit_shown" in shown or "SEARCH audit_shown USING PRIMARY KEY (id=?" in shown, shown
        assert "ix_audit_entry_resource" in changing, changing
        for found in (shown, changing):
            assert "SCAN" not in found, found
            assert "Seq Scan" not in found, found


def plan(database: Database, query: Select[Any]) -> str:
    """How the engine will answer a query, in its own words."""
    dialect = database.engine.dialect
    said = str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN QUERY PLAN" if dialect.name == "sqlite" else "EXPLAIN"
    with database.read() as session:
        return "\n".join(str(row[-1]) for row in session.execute(text(f"{explain} {said}")))


def test_older_looks_are_found_and_the_chain_is_as_it_was(library: Library) -> None:
    database = library.database
    where, name = BLUEPRINT.migrations, BLUEPRINT.name
    gone = library.register(ref="P-2")
    with database.write() as session:
        Erasing(library.people).erase(session, library.people.get(session, gone), "tester")
    downgrade(database.engine, where, name, revision="talent_0023")
    old = look(
        database, "persons/a/statements/3", "persons/a", "persons/b", f"persons/{gone}", tables=WITHOUT_INDEX
    )
    changed = change(database, "persons/a")
    head = verify(database, shared.audit).head
    migrate(database.engine, where, name)
    assert numbers(database, "persons/a") == [changed, old]
    assert numbers(database, "persons/b") == [old]
    assert library.rows(select(SHOWN.c.id).order_by(SHOWN.c.id)) == [("a",), ("b",)]
    after = verify(database, shared.audit, [head])
    assert (after.head, after.first_bad) == (head, None)


@pytest.mark.parametrize("times", [1, 30])
def test_an_erasure_reaches_the_index_and_not_the_chain(library: Library, times: int) -> None:
    database, id_ = library.database, library.register()
    others = [f"persons/other-{number}" for number in range(times)]
    look(database, f"persons/{id_}", *others)
    with database.write() as session:
        Erasing(library.people).erase(session, library.people.get(session, id_), "tester")
    assert library.rows(select(SHOWN.c.id).where(SHOWN.c.id == id_)) == []
    assert len(numbers(database, others[0])) == 1
    assert verify(database, shared.audit).first_bad is None


def test_a_look_that_does_not_come_about_leaves_nothing(library: Library) -> None:
    def fail() -> None:
        with library.database.write() as session:
            Audit(shared.audit).append(session, entry(REVEAL, "GetPerson", ["persons/a"]), ["persons/a"])
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert library.rows(select(SHOWN)) == []
    assert verify(library.database, shared.audit).head.sequence == 0
