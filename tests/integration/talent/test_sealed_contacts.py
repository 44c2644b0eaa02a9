"""Telephone number, mail address and identity number of a person are in clear in no row and no file of the library."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from services.talent.domain.id_number import document_digest
from services.talent.store.schema import metadata
from tests.contract.talent.doubles import identity_number
from tests.integration.talent.library import FACTS, Library

PHONE, EMAIL, NUMBER = "13912340987", "canary@demo.invalid", identity_number(1)


def test_no_row_and_no_file_holds_contact_data_in_clear(library: Library, tmp_path: Path) -> None:
    digest = document_digest(NUMBER, b"key", today=library.clock.now().date(), name="identity_number")
    id_ = library.register(phone=PHONE, email=EMAIL, id_digest=digest)
    with library.database.write() as session:
        person = library.people.get(session, id_)
        library.people.amend(session, person, {"phone": f"{PHONE}1", "email": f"2{EMAIL}"}, "tester")
    assert library.shown(id_) == replace(
        FACTS, phone=f"{PHONE}1", email=f"2{EMAIL}", id_digest=digest, ref="P-1"
    )
    rows = [repr(row) for table in metadata.sorted_tables for row in library.rows(select(table))]
    files = [path.read_bytes() for path in tmp_path.glob("talent.db*")]
    assert any(FACTS.name in row for row in rows)
    assert any(digest in row for row in rows)
    for canary in (PHONE, EMAIL, NUMBER):
        assert not [row for row in rows if canary in row]
        assert not [content for content in files if canary.encode() in content]
