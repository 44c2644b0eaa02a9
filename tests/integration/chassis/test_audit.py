import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select, text, update
from sqlalchemy.exc import IntegrityError

from services.chassis.audit.audit import Audit, AuditEntry, AuditHead, define_audit, verify
from services.chassis.storage.columns import canonical_json, new_metadata
from services.chassis.storage.db import Database, open_engine

METADATA = new_metadata()
TABLES = define_audit(METADATA)
AUDIT = Audit(TABLES)
LENGTH = 12
_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
ENTRY = AuditEntry(
    at=datetime(2026, 1, 1, 12, 0, 0, 5, tzinfo=UTC),
    actor="staff/li",
    roles=["city-officer"],
    action="bole.talent.v1.TalentService/GetPerson",
    resource="persons/p-1",
    purpose="matching",
    outcome="OK",
    request_id="r-1",
    detail={"fields": ["phone"], "count": 1},
)


@pytest.fixture
def opened(database: Database) -> Database:
    METADATA.create_all(database.engine)
    return database


def write(database: Database, count: int, actor: str = "staff/li") -> AuditHead:
    for number in range(count):
        with database.write() as session:
            AUDIT.append(session, replace(ENTRY, actor=actor, request_id=f"r-{number}"))
    with database.read() as session:
        return AUDIT.head(session)


def test_a_chain_as_written_is_whole(opened: Database) -> None:
    assert verify(opened, TABLES).head.sequence == 0
    head = write(opened, 3)
    assert verify(opened, TABLES, [head]).head == head
    write(opened, 2)
    verdict = verify(opened, TABLES, [head])
    assert (verdict.head.sequence, verdict.first_bad, verdict.problem) == (5, None, None)


def test_a_chain_longer_than_a_page_is_whole(opened: Database) -> None:
    with opened.write() as session:
        for _ in range(2100):
            AUDIT.append(session, ENTRY)
    assert verify(opened, TABLES).head.sequence == 2100


def test_numbers_have_no_gaps_after_a_rollback_and_between_writers(opened: Database) -> None:
    def fail() -> None:
        with opened.write() as session:
            AUDIT.append(session, ENTRY)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: write(opened, 5, name), "abcd"))
    assert verify(opened, TABLES).first_bad is None
    assert verify(opened, TABLES).head.sequence == 20


def test_the_database_refuses_to_change_an_entry(opened: Database) -> None:
    write(opened, 1)
    for change in (update(TABLES.entries).values(actor="x"), delete(TABLES.entries)):
        with pytest.raises(IntegrityError, match="append-only"), opened.write() as session:
            session.execute(change)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, AuditHead]]:
    """A chain whose triggers an intruder has dropped."""
    path: Path = tmp_path_factory.mktemp("audit") / "audit.db"
    database = Database(open_engine(f"sqlite:///{path}"))
    METADATA.create_all(database.engine)
    head = write(database, LENGTH)
    with database.write() as session:
        for verb in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER audit_entry_no_{verb}"))
    yield database, head
    database.close()


COLUMNS = [column.name for column in TABLES.entries.c if column.name != "sequence"]
NUMBERS = st.integers(1, LENGTH)
GARBAGE = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5), st.binary(max_size=5)
)
EDIT = st.tuples(st.just("edit"), NUMBERS, st.sampled_from(COLUMNS), GARBAGE)
DELETION = st.tuples(st.just("delete"), NUMBERS, st.just(""), st.just(""))
SWAP = st.tuples(st.just("swap"), NUMBERS, st.just(""), st.just(""))
INSERTION = st.tuples(st.just("insert"), st.integers(-3, LENGTH + 3), st.just(""), st.just(""))


def tamper(connection: Connection, kind: str, number: int, column: str, garbage: str | bytes) -> None:
    if kind == "edit":
        row = text("UPDATE audit_entry SET @ = :garbage WHERE sequence = :number".replace("@", column))
        connection.execute(row, {"garbage": garbage, "number": number})
    elif kind == "delete":
        connection.execute(delete(TABLES.entries).where(TABLES.entries.c.sequence == number))
    elif kind == "swap":
        other = number % LENGTH + 1
        for old, new in ((number, 999), (other, number), (999, other)):
            connection.execute(
                update(TABLES.entries).where(TABLES.entries.c.sequence == old).values(sequence=new)
            )
    else:
        names = ", ".join(COLUMNS)
        copy = f"INSERT OR REPLACE INTO audit_entry (sequence, {names}) SELECT :number, {names} "
        source = 5 if number != 5 else 6
        connection.execute(text(f"{copy} FROM audit_entry WHERE sequence = {source}"), {"number": number})


@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.one_of(EDIT, DELETION, SWAP, INSERTION))
def test_every_tampering_is_found_where_it_happened(
    chain: tuple[Database, AuditHead], tampering: tuple[str, int, str, str | bytes]
) -> None:
    database, _ = chain
    everything = text("SELECT * FROM audit_entry ORDER BY sequence")
    with database.engine.begin() as connection:
        kept = connection.execute(everything).all()
        tamper(connection, *tampering)
        changed = connection.execute(everything).all() != kept
    verdict = verify(database, TABLES)
    with database.engine.begin() as connection:
        connection.execute(delete(TABLES.entries))
        connection.exec_driver_sql(
            "INSERT INTO audit_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [tuple(row) for row in kept]
        )
    kind, number = tampering[:2]
    first = min(number, number % LENGTH + 1) if kind == "swap" else number
    assert verdict.first_bad == (max(1, min(first, LENGTH + 1)) if changed else None)
    assert verify(database, TABLES).first_bad is None


def test_entries_cut_off_the_end_are_missed_by_the_head_row(chain: tuple[Database, AuditHead]) -> None:
    database, head = chain
    with database.write() as session:
        kept = session.execute(select(TABLES.entries).where(TABLES.entries.c.sequence > 9)).all()
        session.execute(delete(TABLES.entries).where(TABLES.entries.c.sequence > 9))
    verdict = verify(database, TABLES)
    assert verdict.first_bad == 10
    assert verdict.problem is not None
    assert "entries 10 to 12 are missing" in verdict.problem.en
    with database.write() as session:
        session.execute(update(TABLES.head).values(sequence=9, hash=verdict.head.hash))
    assert verify(database, TABLES).first_bad is None
    assert verify(database, TABLES, [head]).first_bad == 10
    with database.write() as session:
        session.execute(TABLES.entries.insert(), [dict(row._mapping) for row in kept])
        session.execute(update(TABLES.head).values(sequence=head.sequence, hash=head.hash))


def test_a_chain_that_was_written_anew_is_not_the_remembered_one(opened: Database) -> None:
    head = write(opened, 3)
    METADATA.drop_all(opened.engine)
    METADATA.create_all(opened.engine)
    write(opened, 5, actor="staff/forger")
    assert verify(opened, TABLES).first_bad is None
    assert verify(opened, TABLES, [head]).first_bad == 3


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_TEXTS, st.datetimes(timezones=st.just(UTC)).filter(lambda at: at.year >= 1000))
def test_an_entry_is_hashed_as_its_canonical_json(opened: Database, said: str, at: datetime) -> None:
    entry = replace(ENTRY, at=at, resource=said, detail={said: said})
    with opened.write() as session:
        previous = AUDIT.head(session)
        number = AUDIT.append(session, entry)
    content = [number, at.strftime("%Y-%m-%d %H:%M:%S.%f"), entry.actor, canonical_json(entry.roles)]
    content += [
        entry.action,
        said,
        entry.purpose,
        entry.outcome,
        entry.request_id,
        canonical_json({said: said}),
    ]
    expected = hashlib.sha256(previous.hash + canonical_json(content).encode()).digest()
    assert verify(opened, TABLES).head == AuditHead(number, expected)
