"""Statements on both engines: nothing is overwritten, and what is shown follows from what stands."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from services.chassis.sealing import KeyRing, SealBroken, open_sealed
from services.kernel.clock import civil_date, midnight
from services.kernel.errors import FailedPrecondition, InvalidArgument, NotFound
from services.talent.domain.people.person import Person, Purpose
from services.talent.domain.people.statement import IMPORT, Confidence, Stated
from services.talent.service.people.assertions import STATEMENT, whole
from services.talent.service.people.people import Entered
from services.talent.service.people.stating import turn
from services.talent.service.privacy.erasing import Erasing
from services.talent.store import schema
from services.talent.store.people.statements import bounded_records
from tests.integration.talent.library import FACTS, Library


def stated(**facts: Any) -> Stated:
    return Stated(facts=facts, source="self", observed=date(2026, 6, 20))


def state(library: Library, id_: str, said: Stated) -> None:
    with library.database.write() as session:
        library.stating.state(session, library.people.get(session, id_), said, "tester")


def amend(library: Library, id_: str, **facts: Any) -> None:
    with library.database.write() as session:
        library.people.amend(session, library.people.get(session, id_), facts, "tester")


def test_every_change_is_a_statement_and_none_is_lost(library: Library) -> None:
    id_ = library.register()
    amend(library, id_, city="suzhou", phone="13800000000")
    state(library, id_, stated(employer="新单位"))
    shown = library.shown(id_)
    assert (shown.city, shown.phone, shown.employer) == ("suzhou", "13800000000", "新单位")
    assert library.get(id_).version == 3
    assert [sorted(each.facts) for each in library.said(id_)][1:] == [["city", "phone"], ["employer"]]


def test_a_correction_that_changes_nothing_leaves_nothing(library: Library) -> None:
    id_ = library.register()
    amend(library, id_, city="nantong", phone="13900000000")
    assert len(library.said(id_)) == library.get(id_).version == 1


def test_a_correction_of_a_confirmed_value_is_shown(library: Library) -> None:
    id_ = library.register()
    state(library, id_, replace(stated(employer="甲"), confidence=Confidence.CONFIRMED))
    library.clock.advance(timedelta(days=1))
    amend(library, id_, employer="乙")
    assert library.shown(id_).employer == "乙"
    amend(library, id_, employer="")
    assert library.shown(id_).employer == ""


def test_what_is_taken_back_lets_the_other_source_be_heard(library: Library) -> None:
    id_ = library.register()
    state(library, id_, stated(employer="新单位"))
    number = library.said(id_)[-1].number
    with library.database.write() as session:
        person = library.people.get(session, id_)
        library.stating.retract(session, person, number, "看错了", "tester")
    assert library.shown(id_).employer == "演示研究所"
    assert library.said(id_)[-1].retraction is not None
    assert library.said(id_)[-1].retraction.reason == "看错了"  # type: ignore[union-attr]


def test_nobody_is_left_without_what_every_record_has(library: Library) -> None:
    id_ = library.register()
    number = library.said(id_)[0].number
    with pytest.raises(FailedPrecondition) as caught, library.database.write() as session:
        library.stating.retract(session, library.people.get(session, id_), number, "误录", "tester")
    assert caught.value.reason == "NOTHING_STATED"
    assert library.said(id_)[0].retraction is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"facts": {}}, "person"),
        ({"source": "Self!"}, "source"),
        ({"observed": date(2026, 7, 2)}, "observed_date"),
        ({"valid_from": date(2026, 6, 2), "valid_to": date(2026, 6, 1)}, "valid_to"),
        ({"document": "a\u202eb"}, "document"),
        ({"facts": {"city": "atlantis"}}, "city"),
        ({"facts": {"name": "张\u200b三"}}, "name"),
    ],
)
def test_a_wrong_statement_is_refused_by_name(library: Library, changes: dict[str, Any], field: str) -> None:
    id_ = library.register()
    with pytest.raises(InvalidArgument) as caught:
        state(library, id_, replace(stated(employer="甲"), **changes))
    assert field in {violation.field for violation in caught.value.violations}
    assert len(library.said(id_)) == 1


def test_a_batch_is_undone_exactly(library: Library) -> None:
    id_ = library.register()
    before, at = library.shown(id_), midnight(date(2026, 6, 30))
    row = replace(FACTS, city="suzhou", observed=date(2026, 6, 30), purposes=frozenset({Purpose.STATISTICS}))
    other = replace(row, ref="P-2")
    made = Person.register(other, id_="made", origin="REAL", now=library.clock.now())
    with library.database.write() as session:
        person = library.people.get(session, id_)
        library.people.state(session, [Entered(person, whole(row, IMPORT, batch="b1"), at)], "tester")
        library.people.add(session, [Entered(made, whole(other, IMPORT, batch="b1"), at)], "tester")
    assert library.shown(id_).city == "suzhou"
    assert library.get(id_).purposes == {Purpose.STATISTICS}
    with library.database.write() as session:
        people = library.people
        people.take_back(session, [people.get(session, id_)], "b1", "tester")
        Erasing(people).remove(session, [people.get(session, "made")], "tester")
    assert library.shown(id_) == before
    assert library.get(id_).purposes == before.purposes
    with pytest.raises(NotFound):
        library.get("made")
    assert library.rows(select(schema.person_key.c.person_id)) == [(id_,)]


def test_what_is_stated_is_sealed_and_gone_with_the_key(library: Library) -> None:
    id_ = library.register()
    row = library.rows(select(schema.statement))[0]
    assert "欧阳".encode() not in row.sealed
    assert b"13900000000" not in row.sealed
    with library.database.write() as session:
        Erasing(library.people).erase(session, library.people.get(session, id_), "tester")
    assert library.rows(select(func.count()).select_from(schema.person_key))[0][0] == 0
    stranger, _ = KeyRing({1: bytes(32)}).create(f"persons/{id_}")
    with pytest.raises(SealBroken):
        open_sealed(f"persons/{id_}", row.sealed, stranger, schema=STATEMENT)


def test_a_new_day_shows_what_begins_and_ends_to_hold(library: Library) -> None:
    id_ = library.register()
    first, last = date(2026, 7, 3), date(2026, 7, 4)
    state(library, id_, replace(stated(employer="借调单位"), valid_from=first, valid_to=last))
    shown = []
    for _ in range(5):
        with library.database.write() as session:
            changed = turn(library.people, session, bounded_records(session, civil_date(library.clock.now())))
        shown.append((library.get(id_).employer, changed))
        library.clock.advance(timedelta(days=1))
    assert shown == [
        ("演示研究所", 0),
        ("演示研究所", 0),
        ("借调单位", 1),
        ("借调单位", 0),
        ("演示研究所", 1),
    ]


def test_what_only_one_source_states_stays_shown_after_its_day(library: Library) -> None:
    id_ = library.register()
    number = library.said(id_)[0].number
    facts = {name: getattr(FACTS, name) for name in ("name", "category", "city", "availability")}
    rest = {"direction_shares": FACTS.direction_shares, "observed": FACTS.observed}
    state(library, id_, replace(stated(**facts, **rest), valid_to=date(2026, 7, 2)))
    with library.database.write() as session:
        library.stating.retract(session, library.people.get(session, id_), number, "误录", "tester")
    library.clock.advance(timedelta(days=5))
    with library.database.write() as session:
        assert turn(library.people, session, bounded_records(session, civil_date(library.clock.now()))) == 0
    assert library.get(id_).name == FACTS.name
