"""Whom one import alone knows, on both engines: asked person by person, and not by reading it whole."""

from sqlalchemy import select, text

from services.talent.store import schema
from services.talent.store.people.known import of_batch_alone
from tests.integration.talent.importing import PERSON, Importing
from tests.integration.talent.installed import Talent
from tests.integration.talent.library import Library
from tests.integration.talent.test_lookups import plan


def test_who_is_known_by_an_import_alone_is_no_other_imports_and_nobodys_entry(
    talent: Talent, library: Library
) -> None:
    imports = Importing(talent)
    library.register(ref="P-0")
    first = imports.load("persons", {**PERSON, "ref": "P-1"}, {**PERSON, "ref": "P-2"})[1]
    second = imports.load(
        "persons",
        {**PERSON, "ref": "P-2", "city": "苏州", "observed": "2026-06-02"},
        {**PERSON, "ref": "P-3", "city": "苏州", "observed": "2026-06-02"},
    )[1]
    ref = schema.person.c.ref
    assert library.rows(select(ref).where(of_batch_alone(first))) == [("P-1",)]
    assert library.rows(select(ref).where(of_batch_alone(second))) == [("P-3",)]


def test_nobody_is_looked_for_in_the_whole_import(library: Library) -> None:
    database = library.database
    one = select(schema.person.c.ref).where(schema.person.c.id == "p-1", of_batch_alone("b-1"))
    assert "ix_statement_batch" not in plan(database, one)
    with database.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    assert "ix_statement_batch" not in plan(database, one)
