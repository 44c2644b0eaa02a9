"""Telephone number, mail address, identity number and year of birth of a person are in clear in no row and no file of
the library, and of the year the decade is told to nobody but under the person's key.
"""

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message
from sqlalchemy import String, Text, insert, select, update

from bole.events.v1 import person_event_pb2
from bole.talent.v1 import duplicate_pb2, person_pb2
from bole.talent.v1 import duplicate_service_pb2 as wire
from services.chassis.imports.batch import BatchState, RowOutcome
from services.chassis.sealing import open_sealed
from services.chassis.storage.columns import canonical_json
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument
from services.talent.domain.people.biography import Education
from services.talent.domain.people.id_number import document_digest
from services.talent.domain.people.person import Purpose
from services.talent.domain.people.statement import Confidence, Stated
from services.talent.events import SEALED_SCHEMA
from services.talent.service.people.stating import turn
from services.talent.service.privacy.clearing import Clearing
from services.talent.service.privacy.withdrawing import Withdrawing
from services.talent.store import schema
from services.talent.store.people.statements import bounded_records
from services.talent.store.schema import metadata, shared
from tests.contract.talent.doubles import identity_number
from tests.integration.talent.installed import KEYS
from tests.integration.talent.library import FACTS, Library
from tests.integration.talent.merging import Duplicates

PHONE, EMAIL, NUMBER = "13912340987", "canary@demo.invalid", identity_number(1)
YEARS = re.compile(r"(?<![0-9A-Za-z])(?:1937|1938|1930s?)(?![0-9A-Za-z])")
PERSON = schema.person.c


def rows(library: Library) -> Sequence[str]:
    """Every row of every table, as text."""
    return [repr(row) for table in metadata.sorted_tables for row in library.rows(select(table))]


def amend(library: Library, id_: str, **facts: Any) -> None:
    with library.database.write() as session:
        library.people.amend(session, library.people.get(session, id_), facts, "tester")


def decades(library: Library, id_: str) -> list[int]:
    """The decade of birth that each event about a person tells, under the person's key."""
    (wrapped,) = library.rows(
        select(schema.person_key.c.wrapped).where(schema.person_key.c.person_id == id_)
    )[0]
    key, outbox = KEYS.unwrap(f"persons/{id_}", wrapped), shared.outbox.c
    query = select(outbox.payload).where(outbox.topic == "bole.persons.v1", outbox.aggregateid == id_)
    states = [
        person_event_pb2.PersonState.FromString(payload)
        for (payload,) in library.rows(query.order_by(outbox.position))
    ]
    plain = [open_sealed(f"persons/{id_}", each.sealed, key, schema=SEALED_SCHEMA) for each in states]
    return [person_event_pb2.SealedPerson.FromString(each).birth_decade for each in plain]


def fill(library: Library, id_: str) -> None:
    """Write into a row what the program before did."""
    known = {"phone": PHONE, "email": EMAIL, "birth_year": 1937}
    with library.database.write() as session:
        session.execute(update(schema.person).where(PERSON.id == id_).values(known))


def test_no_row_and_no_file_holds_sensitive_facts_in_clear(library: Library, tmp_path: Path) -> None:
    digest = document_digest(NUMBER, b"key", today=library.clock.now().date(), name="identity_number")
    id_ = library.register(phone=PHONE, email=EMAIL, id_digest=digest, birth_year=1937)
    amend(library, id_, phone=f"{PHONE}1", email=f"2{EMAIL}", birth_year=1938)
    assert library.shown(id_) == replace(
        FACTS, phone=f"{PHONE}1", email=f"2{EMAIL}", id_digest=digest, birth_year=1938, ref="P-1"
    )
    found = rows(library)
    files = [path.read_bytes() for path in tmp_path.glob("talent.db*")]
    assert any(FACTS.name in row for row in found)
    assert any(digest in row for row in found)
    assert not [row for row in found if YEARS.search(row)]
    for canary in (PHONE, EMAIL, NUMBER):
        assert not [row for row in found if canary in row]
        assert not [content for content in files if canary.encode() in content]


def test_what_the_program_before_has_filled_is_emptied_and_nothing_else_is_changed(
    library: Library, tmp_path: Path
) -> None:
    facts = {"phone": PHONE, "email": EMAIL, "birth_year": 1937}
    ids = [library.register(ref=f"P-{number}", **facts) for number in range(3)]
    for id_ in ids[:2]:
        fill(library, id_)
    assert [row for row in rows(library) if YEARS.search(row)]
    before = library.rows(select(PERSON.id, PERSON.version, PERSON.updated_at).order_by(PERSON.id))
    clearing = Clearing(library.database, library.people.requests)
    assert clearing.clear() == 2
    assert clearing.clear() == 0
    assert not [row for row in rows(library) if YEARS.search(row) or PHONE in row or EMAIL in row]
    assert library.rows(select(PERSON.id, PERSON.version, PERSON.updated_at).order_by(PERSON.id)) == before
    assert {library.shown(id_).sensitive for id_ in ids} == {(PHONE, EMAIL, 1937)}
    library.database.scrub(at_once=True)
    for path in tmp_path.glob("talent.db*"):
        assert PHONE.encode() not in path.read_bytes()


def test_answers_that_the_program_before_has_kept_lose_what_is_sensitive(library: Library) -> None:
    whole = person_pb2.Person(name="persons/a", display_name="甲", phone=PHONE, email=EMAIL, birth_year=1937)
    named, judged = person_pb2.Person(name=whole.name), duplicate_pb2.DuplicateJudgement(reason="同一人")
    shown = person_pb2.Person(name=whole.name, display_name="甲")
    merged = wire.MergePersonsResponse(person=whole, judgement=judged)
    less = wire.MergePersonsResponse(person=named, judgement=judged)
    kept: dict[str, tuple[Message, Message]] = {
        "bole.talent.v1.LibraryService.UpdatePerson": (whole, shown),
        "bole.talent.v1.LibraryService.CreatePerson": (shown, shown),
        "bole.talent.v1.DuplicateService.MergePersons": (merged, less),
        "bole.talent.v1.DuplicateService.UnmergePersons": (
            wire.UnmergePersonsResponse(persons=[whole, whole]),
            wire.UnmergePersonsResponse(persons=[named, named]),
        ),
        "bole.talent.v1.TeamService.CreateTeam": (whole, whole),  # whatever else is kept is left as it is
    }
    log, now = shared.request_log, library.clock.now()
    with library.database.write() as session:
        for number, method in enumerate(list(kept) * 300):
            row = {"subject": "s", "method": method, "request_id": str(number), "fingerprint": "f"}
            answer = kept[method][0].SerializeToString()
            session.execute(insert(log).values(**row, answer=answer, created_at=now))
    clearing = Clearing(library.database, library.people.requests)
    assert clearing.clear_answers() == 900
    assert clearing.clear_answers() == 0
    found = library.rows(select(log.c.method, log.c.answer))
    assert len(found) == 1_500
    assert all(answer == kept[method][1].SerializeToString() for method, answer in found)


def test_reports_of_imports_that_the_program_before_has_kept_lose_what_is_private(library: Library) -> None:
    wrong = [["phone", "PHONE_FORM", f"手机号“{PHONE}”格式不对", f"'{PHONE}' is no phone number"]]
    other = [["name", "REQUIRED", "请填写姓名", "a name is required"]]
    batch, row, now = schema.imports.batch, schema.imports.row, library.clock.now()
    with library.database.write() as session:
        unsaid = {column.name: "" for column in batch.c if isinstance(column.type, String | Text)}
        lists, numbers = (
            {"sheets": list[str](), "warnings": list[str]()},
            {"size": 0, "processed": 0, "version": 1},
        )
        report = {**unsaid, **lists, **numbers, "id": "b", "state": BatchState.REFUSED, "created_at": now}
        session.execute(insert(batch).values(report | {"heard_at": now}))
        for number in range(1_201):
            said = canonical_json({"problems": wrong if number % 600 == 0 else other}).encode()
            kept = {
                "batch_id": "b",
                "sheet": "persons",
                "row": number,
                "outcome": RowOutcome.REFUSED,
                "detail": said,
            }
            session.execute(insert(row).values(kept))
        firm = {"batch_id": "b", "sheet": "positions", "row": 1, "outcome": RowOutcome.REFUSED}
        session.execute(insert(row).values(firm | {"detail": canonical_json({"problems": wrong}).encode()}))
    clearing = Clearing(library.database, library.people.requests)
    assert clearing.clear_reports() == 3
    assert clearing.clear_reports() == 0
    found = library.rows(select(row.c.sheet, row.c.row, row.c.detail).order_by(row.c.sheet, row.c.row))
    assert len(found) == 1_202
    assert [number for sheet, number, detail in found if b"***" in detail] == [0, 600, 1_200]
    assert not [detail for sheet, _, detail in found if sheet == "persons" and PHONE.encode() in detail]


def test_rows_are_emptied_while_the_service_runs(library: Library) -> None:
    id_ = library.register(birth_year=1937)
    fill(library, id_)
    stop, clearing = (
        threading.Event(),
        Clearing(library.database, library.people.requests, first_seconds=0.01),
    )
    running = threading.Thread(target=clearing.rounds.run, args=(stop,))
    running.start()
    try:
        for _ in range(6_000):
            if not [row for row in rows(library) if YEARS.search(row)]:
                break
            stop.wait(0.01)
    finally:
        stop.set()
        running.join()
    assert not [row for row in rows(library) if YEARS.search(row)]


def test_the_decade_is_told_with_every_change_of_whoever_allows_statistics(library: Library) -> None:
    id_ = library.register(birth_year=1937)
    amend(library, id_, employer="新单位")
    amend(library, id_, birth_year=1951)
    with library.database.write() as session:
        library.people.changed(session, [library.people.get(session, id_)], "tester")
    with library.database.write() as session:
        library.people.reproject(session, [library.people.get(session, id_)], "tester")
    with library.database.write() as session:
        Withdrawing(library.people).withdraw(session, library.people.get(session, id_), "撤回", "tester")
    assert decades(library, id_) == [1930, 1930, 1950, 1950, 1950, 0]
    silent = library.register(
        ref="P-2", birth_year=1937, purposes=frozenset({Purpose.MATCH_POSITION}), phone=""
    )
    amend(library, silent, employer="新单位")
    assert decades(library, silent) == [0, 0]


def test_a_record_that_comes_back_from_a_merge_tells_its_own_decade(library: Library) -> None:
    both, own = Duplicates(library), {"left": 1937, "right": 1951}
    left, right = (library.register(ref=f"P-{name}", birth_year=year) for name, year in own.items())
    _, judgement = both.merge(left, right)
    both.part(judgement)
    assert (library.shown(left).birth_year, library.shown(right).birth_year) == (1937, 1951)
    assert decades(library, left)[-1] == 1930
    assert decades(library, right)[-1] == 1950


def test_a_year_that_is_stated_for_a_time_is_told_while_it_holds(library: Library) -> None:
    id_ = library.register(birth_year=1937)
    said = Stated(
        facts={"birth_year": 1951},
        source="self",
        observed=date(2026, 6, 20),
        confidence=Confidence.CONFIRMED,
        valid_from=date(2026, 7, 3),
        valid_to=date(2026, 7, 5),
    )
    with library.database.write() as session:
        library.stating.state(session, library.people.get(session, id_), said, "tester")
    turned = []
    for _ in range(6):
        library.talent.pass_days(1)
        with library.database.write() as session:
            turned.append(
                turn(library.people, session, bounded_records(session, civil_date(library.clock.now())))
            )
    assert turned == [0, 1, 0, 0, 1, 0]
    assert decades(library, id_) == [1930, 1930, 1950, 1930]


def state(library: Library, id_: str, **facts: Any) -> None:
    said = Stated(facts=facts, source="self", observed=date(2026, 6, 20))
    with library.database.write() as session:
        library.stating.state(session, library.people.get(session, id_), said, "tester")


@pytest.mark.parametrize("say", [amend, state])
def test_schools_are_held_against_the_year_that_no_row_holds(
    library: Library, say: Callable[..., None]
) -> None:
    id_ = library.register(birth_year=1990)
    with pytest.raises(InvalidArgument) as caught:
        say(library, id_, education=(Education("东南大学", year=1985),))
    (violation,) = caught.value.violations
    assert (violation.field, violation.reason) == ("education", "YEAR_OUT_OF_RANGE")
    assert not {"1990", "2004"} & set(re.findall(r"\d+", f"{violation.text.zh} {violation.text.en}"))


def test_people_are_compared_by_the_year_that_no_row_holds(library: Library) -> None:
    id_ = library.register(phone=PHONE, email=EMAIL, birth_year=1937)
    with library.database.read() as session:
        found = Duplicates(library).finding.suggesting.traits(session, [id_])[id_]
    assert (found.phone[-11:], found.email, found.birth_year) == (PHONE, EMAIL, 1937)
