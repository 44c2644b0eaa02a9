"""After an erasure nothing of the person is left: not in a table, not in a file, not on the log."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from services.chassis.log.sql_log import SqlLog
from services.chassis.log.topics import policies
from services.chassis.outbox.relay import Relay
from services.chassis.process.leadership import leader_lock
from services.talent.domain.nomination import NominationFacts
from services.talent.domain.people.biography import (
    Affiliation,
    Education,
    NameKind,
    OtherName,
    Work,
)
from services.talent.domain.people.statement import Stated
from services.talent.service.privacy.erasing import Erasing
from services.talent.service.privacy.withdrawing import Withdrawing
from services.talent.store import schema
from services.talent.store.privacy.erasure import PLACES, Kept
from services.talent.store.schema import metadata, shared
from tests.integration.talent.library import FACTS, Library
from tests.integration.talent.test_nominations import nominations

CANARY = "金丝雀canary"
FACTS_OF_CANARY = replace(
    FACTS,
    ref="X-1",
    name=f"{CANARY}名",
    employer=f"{CANARY}单位",
    title=f"{CANARY}职务",
    profile=f"{CANARY}简介",
    works=(f"{CANARY}成果",),
    phone="13912340987",
    email="canary@demo.invalid",
    other_names=(OtherName(NameKind.FORMER, f"{CANARY}曾"),),
    affiliations=(Affiliation(f"{CANARY}旧单位"),),
    education=(Education(f"{CANARY}学校"),),
    work_items=(Work(f"{CANARY}专利"),),
    orcid="0000-0002-1825-0097",
)
TRACES = (CANARY, "13912340987", "canary@", "0000-0002-1825-0097", "jinsique")


@pytest.fixture
def log(library: Library, tmp_path: Path) -> Iterator[SqlLog]:
    opened = SqlLog(tmp_path / "log.db", library.clock)
    opened.ensure_topics(policies())
    yield opened
    opened.close()


def publish(library: Library, log: SqlLog) -> None:
    """Move everything that waits onto the log."""
    lock = leader_lock(library.database.engine, "relay")
    relay = Relay(library.database, shared.outbox, log, lock, library.clock)
    while relay.publish_batch():
        pass
    lock.release()


def whole_life(library: Library) -> str:
    """Somebody registered, corrected, stated of by others, taken back and withdrawn."""
    with library.database.write() as session:
        person = library.people.register(session, FACTS_OF_CANARY, "REAL", "tester")
        library.people.amend(
            session, person, {"employer": f"{CANARY}新单位", "phone": "13912340987"}, "tester"
        )
        stated = Stated(
            facts={"title": f"{CANARY}头衔"},
            source="self",
            document=f"{CANARY}简历",
            observed=date(2026, 6, 1),
        )
        library.stating.state(session, person, stated, "tester")
        last = library.people.assertions.about(session, [person.id])[person.id][-1].number
        library.stating.retract(session, person, last, f"{CANARY}更正", "tester")
        facts = NominationFacts(
            programme="top-talent",
            year=2026,
            subject=person.id,
            person_id=person.id,
            city=person.city,
            industry="hydrogen",
            unit="人才办",
            reason=f"{CANARY}事迹",
        )
        nominations(library).nominate(session, facts, "REAL", "tester")
        Withdrawing(library.people).withdraw(session, person, f"{CANARY}要求", "tester")
        answer = {"subject": "tester", "method": "CreatePerson", "request_id": "1", "fingerprint": "0"}
        kept = {"resource": f"persons/{person.id}", "answer": CANARY.encode()}
        row = {**answer, **kept, "created_at": library.clock.now()}
        session.execute(insert(schema.shared.request_log), row)
        return person.id


def erase(library: Library, id_: str) -> None:
    with library.database.write() as session:
        Erasing(library.people).erase(session, library.people.get(session, id_), "tester")


def found_in_tables(library: Library, traces: tuple[str, ...]) -> list[str]:
    """Tables in which any row holds any trace."""
    found = []
    with library.database.read() as session:
        for table in metadata.sorted_tables:
            held = repr(
                [tuple(map(_plain, row)) for row in session.execute(text(f'SELECT * FROM "{table}"'))]
            )
            found += [table.name for trace in traces if trace in held]
    return found


def _plain(value: Any) -> Any:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else value


def test_no_byte_of_an_erased_person_is_left(library: Library, log: SqlLog, tmp_path: Path) -> None:
    id_ = whole_life(library)
    publish(library, log)
    with library.database.read() as session:
        wrapped = session.scalar(
            select(schema.person_key.c.wrapped).where(schema.person_key.c.person_id == id_)
        )
    assert wrapped is not None
    assert "person" in found_in_tables(library, TRACES)
    erase(library, id_)
    publish(library, log)
    assert found_in_tables(library, TRACES) == []
    traces = [*(trace.encode() for trace in TRACES), wrapped]
    with library.database.read() as session:
        for table in metadata.sorted_tables:
            for row in session.execute(text(f'SELECT * FROM "{table}"')):
                assert not any(wrapped in bytes(v) for v in row if isinstance(v, bytes | memoryview)), (
                    table.name
                )
    files = [path for path in tmp_path.iterdir() if path.is_file() and path.suffix != ".lock"]
    assert any(path.name == "log.db" for path in files)
    for path in files:
        content = path.read_bytes()
        assert [trace for trace in traces if trace in content] == [], path.name


def test_what_stays_are_counts_and_proofs(library: Library) -> None:
    id_ = whole_life(library)
    erase(library, id_)
    assert library.rows(select(schema.consent_entry.c.record_id))[0][0] == id_
    assert {row.entity for row in library.rows(select(shared.history))} == {"person", "key", "nomination"}
    assert library.rows(select(shared.history.c.state).where(shared.history.c.entity == "key"))[0][0] is None


def test_an_erased_person_does_not_come_back_by_an_old_event(library: Library, log: SqlLog) -> None:
    id_ = library.register()
    erase(library, id_)
    publish(library, log)
    records = [r for r in log.read("bole.persons.v1", 0, 100) if r.key == id_]
    assert [record.value for record in records] == [None]
    library.clock.advance(timedelta(days=1))
    again = library.register()
    assert again != id_


def test_what_is_kept_for_good_and_what_is_told_hold_no_word_in_clear(
    library: Library, log: SqlLog, tmp_path: Path
) -> None:
    whole_life(library)
    publish(library, log)
    for_good = {name for name, place in PLACES.items() if isinstance(place, Kept) and not place.elsewhere}
    assert not for_good & set(found_in_tables(library, TRACES))
    assert log.end("bole.persons.v1") > 0
    told = b"".join(path.read_bytes() for path in tmp_path.glob("log.db*"))
    assert [trace for trace in TRACES if trace.encode() in told] == []
