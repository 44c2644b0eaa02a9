"""What an import writes is the same in every table, however its rows come: as one file, one by one, or by a form."""

from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import select

from bole.events.v1 import person_event_pb2
from services.chassis.imports import sheets
from services.chassis.process.beside import Beside
from services.chassis.sealing import open_sealed
from services.kernel.clock import civil_date
from services.talent.domain.axes import Axes
from services.talent.domain.people.person import Person, check_facts
from services.talent.events import SEALED_SCHEMA
from services.talent.service.imports.facts import person_facts
from services.talent.service.imports.fresh import FreshRows, Job, Terms
from services.talent.service.people.assertions import STATEMENT
from services.talent.service.people.newcomers import keep
from services.talent.service.privacy.erasing import Erasing
from services.talent.store import schema
from services.talent.store.people.facts import decode_facts
from services.talent.store.repository import index_persons
from services.workbook.rows import RowReader
from services.workbook.sheets import SHEETS
from services.workbook.tables import Row
from tests.integration.talent.importing import PERSON, Importing
from tests.integration.talent.installed import KEYS, Talent

ROWS = [
    {
        **PERSON,
        "ref": f"W-{n}",
        "name": ("欧阳演示", "单于演示", "Zoë 演示", "𠀀演示")[n % 4] + str(n),
        "city": ("南通", "省外", "苏州")[n % 3],
        "mobility": ("", "苏州;无锡")[n % 2],
        "directions": ("seawater-h2", "seawater-h2:0.7;rf-device:0.3")[n % 2],
        "purposes": ("", "人岗匹配;数据统计", "数据统计")[n % 3],
        "profile": ("", "从事“海水”制氢＋机器人研究")[n % 2],
        "employer": ("演示研究所", "")[n % 2],
        "works": ("", "一种装置及其方法")[n % 2],
        "id_number": ("", f"PASS-2000{n}")[n % 2],
        "email": f"p{n}@example.cn",
        "origin": ("演示数据", "")[n % 2],
    }
    for n in range(7)
]
_UNLIKE = {
    "id",
    "number",
    "position",
    "record_id",
    "person_id",
    "aggregateid",
    "headers",
    "payload",
    "state",
    "wrapped",
    "sealed",
    "batch",
    "batch_id",
    "created_at",
    "updated_at",
    "recorded_at",
    "changed_at",
    "entered_by",
    "actor",
}


def written(talent: Talent) -> dict[str, list[Any]]:
    """Every row that tells of people, by source number, opened, without ids and times."""
    found: dict[str, list[Any]] = {}
    with talent.database.read() as session:
        refs = {row.id: row.ref for row in session.execute(select(schema.person))}
        keys = {
            row.person_id: KEYS.unwrap(f"persons/{row.person_id}", row.wrapped)
            for row in session.execute(select(schema.person_key))
        }
        owners = {
            schema.person: "id",
            schema.person_direction: "person_id",
            schema.person_text: "person_id",
            schema.person_key: "person_id",
            schema.statement: "record_id",
            schema.consent_entry: "record_id",
            schema.shared.history: "id",
            schema.shared.outbox: "aggregateid",
            schema.move: "person_id",
        }
        for table, owner in owners.items():
            found[table.name] = sorted(
                (refs[row[owner]], _plain(row), _opened(table.name, row, owner, keys))
                for row in session.execute(select(table)).mappings()
                if row[owner] in refs
            )
    return found


def _plain(row: Any) -> str:
    return repr([(name, value) for name, value in row.items() if name not in _UNLIKE])


def _opened(table: str, row: Any, owner: str, keys: Any) -> str:
    subject, key = f"persons/{row[owner]}", keys[row[owner]]
    if table == "statement":
        return repr(decode_facts(open_sealed(subject, row["sealed"], key, schema=STATEMENT)))
    content = row.get("payload", row.get("state"))
    kind = row.get("aggregatetype", row.get("entity"))
    if kind != "person":
        return str(content is None)
    state = person_event_pb2.PersonState.FromString(content)
    inside = person_event_pb2.SealedPerson.FromString(
        open_sealed(subject, state.sealed, key, schema=SEALED_SCHEMA)
    )
    state.ClearField("sealed")
    state.ClearField("id")
    headers = {
        k: v for k, v in row.get("headers", {}).items() if k in ("ce_type", "ce_source", "ce_sequence")
    }
    return f"{state}{inside}{headers}"


def by_file(talent: Talent) -> None:
    report, _ = Importing(talent).load("persons", *ROWS)
    assert report.sheets[0].created_count == len(ROWS)


def one_by_one(talent: Talent) -> None:
    for row in ROWS:
        Importing(talent).load("persons", row)


def beside(talent: Talent) -> None:
    """By the process beside this one."""
    terms = Terms("b", "tester", None, b"k" * 32, KEYS, talent.people.journal.source, _engine(talent), False)
    with (
        Beside(FreshRows(terms), FreshRows, terms, after=1) as fresh,
        talent.database.write() as session,
    ):
        fresh.submit(Job([], talent.clock.now()))
        assert fresh.wait_ready(60)
        fresh.submit(Job(list(_rows()), talent.clock.now()))
        fresh.answer()
        made = fresh.answer()
        assert fresh.answered_beside >= 1
        assert not made.refused
        keep(session, made.people)


def by_form(talent: Talent) -> None:
    """Each through the use case of the single record."""
    people = talent.people
    reader, today = RowReader(SHEETS["persons"], people.catalogue), civil_date(talent.clock.now())
    for row in _rows():
        values: Any = reader.read(row)
        facts = check_facts(
            person_facts(values, b"k" * 32, today), Axes.of_catalogue(people.catalogue), today
        )
        with talent.database.write() as session:
            people.register(session, facts, values["origin"] or "REAL", "tester")


def _rows() -> Iterable[Row]:
    return (Row(number, row) for number, row in enumerate(ROWS, 2))


def _engine(talent: Talent) -> str:
    dialect = talent.database.engine.dialect
    return f"{dialect.name}+{dialect.driver}://"


def test_every_way_writes_the_same_rows_into_every_table(
    talent: Talent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "CHUNK", 3)
    found = []
    for way in (by_file, one_by_one, beside, by_form):
        way(talent)
        found.append(written(talent))
        empty(talent)
    assert found[0]["person"]
    assert found[1] == found[0]
    assert found[2] == found[0]
    assert {**found[3], "statement": [], "consent_entry": []} == {
        **found[0],
        "statement": [],
        "consent_entry": [],
    }
    assert [row[2] for row in found[3]["statement"]] == [row[2] for row in found[0]["statement"]]
    assert [row[1] for row in found[3]["consent_entry"]] == [row[1] for row in found[0]["consent_entry"]]


CHANGED = [
    {
        **row,
        "title": ("", "首席工程师")[n % 2],
        "city": ("南通", "苏州")[n % 2],
        "purposes": ("数据统计", "人岗匹配", "")[n % 3],
        "observed": "2026-06-10",
        "email": f"q{n}@example.cn",
    }
    for n, row in enumerate(ROWS)
]
"""Other works, cities and consents of the same people, and of some of them nothing that they are found by."""


def test_changes_are_the_same_in_every_table_however_their_rows_come(
    talent: Talent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "CHUNK", 3)
    found = []
    for files in ([CHANGED], [[row] for row in CHANGED]):
        by_file(talent)
        for rows in files:
            report, _ = Importing(talent).load("persons", *rows)
            assert report.sheets[0].changed_count == len(rows)
        found.append(written(talent))
        with talent.database.write() as session:
            index_persons(session, session.scalars(select(Person)).all(), talent.people.catalogue)
        assert written(talent) == found[-1], "everybody is found as they are now"
        empty(talent)
    assert found[0]["move"]
    assert found[1] == found[0]


def empty(talent: Talent) -> None:
    """Erase everybody: what is left of them belongs to nobody."""
    with talent.database.write() as session:
        for person in session.scalars(select(Person)).all():
            Erasing(talent.people).erase(session, person, "tester")
