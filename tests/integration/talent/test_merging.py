"""Merging without loss and undoing it exactly, on both engines."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bole.events.v1 import person_event_pb2
from bole.talent.v1 import person_pb2
from services.kernel.errors import BoleError, FailedPrecondition, InvalidArgument, NotFound
from services.talent.domain.identity.judgement import Verdict
from services.talent.domain.people.person import PersonStatus, Purpose
from services.talent.domain.people.statement import IMPORT, Stated
from services.talent.service.people.assertions import whole
from services.talent.service.people.people import Entered
from services.talent.service.privacy.erasing import Erasing
from services.talent.service.privacy.withdrawing import Withdrawing
from services.talent.store import schema
from tests.integration.talent.importing import PERSON, TEAM, Importing
from tests.integration.talent.library import FACTS, Library
from tests.integration.talent.merging import Duplicates, amend, enter


@pytest.fixture
def both(library: Library) -> Duplicates:
    return Duplicates(library)


def states(both: Duplicates, id_: str) -> list[person_event_pb2.PersonState]:
    outbox = schema.shared.outbox
    query = select(outbox.c.payload).where(outbox.c.aggregateid == id_, outbox.c.aggregatetype == "person")
    rows = both.library.rows(query.order_by(outbox.c.position))
    return [person_event_pb2.PersonState.FromString(row.payload or b"") for row in rows]


def test_two_records_become_one_and_part_again_as_they_were(both: Duplicates) -> None:
    old, new = enter(both, "P-1", "P-2", employer="")
    amend(both, new, employer="新单位", city="suzhou")
    before = both.state()
    person, judgement = both.merge(new, old)
    assert person == old
    assert both.everybody() == [old]
    assert both.get(new).id == old
    assert both.library.shown(old).employer == "新单位"
    assert {each.record_id for each in both.library.said(old)} == {old, new}
    both.assert_counted()
    assert both.part(judgement) == [old, new]
    assert both.state() == before
    both.assert_counted()


def test_what_is_told_follows(both: Duplicates) -> None:
    old, new = enter(both, "P-1", "P-2")
    _, judgement = both.merge(old, new)
    gone = states(both, new)[-1]
    assert (gone.state, gone.merged_into_id, gone.city_code) == (person_pb2.Person.STATE_MERGED, old, "")
    both.part(judgement)
    told = states(both, new)
    assert [each.version for each in told] == [1, 2, 3]
    assert told[-1].state == person_pb2.Person.STATE_ACTIVE
    assert [each.version for each in states(both, old)] == [1, 2, 3]


def test_a_chain_is_one_person_and_parts_where_it_is_cut(both: Duplicates) -> None:
    a, b, c, d = enter(both, "P-1", "P-2", "P-3", "P-4")
    before = both.state()
    _, first = both.merge(c, d)
    _, second = both.merge(a, b)
    person, third = both.merge(d, b)
    assert (person, both.everybody()) == (a, [a])
    assert both.part(third) == [a, c]
    assert {both.get(id_).id for id_ in (c, d)} == {c}
    assert both.part(second) == [a, b]
    assert both.part(first) == [c, d]
    assert both.state() == before
    with pytest.raises(FailedPrecondition) as refused:
        both.part(first)
    assert refused.value.reason == "NOT_A_MERGE"


def test_what_happens_meanwhile_stays_with_the_record_it_was_said_about(both: Duplicates) -> None:
    old, new = enter(both, "P-1", "P-2", title="工程师")
    _, judgement = both.merge(old, new)
    with both.library.database.write() as session:
        known, record = both.library.people.by_refs(session, ["P-2"])["P-2"]
        said = whole(replace(FACTS, ref="P-2", title="总工程师"), IMPORT)
        both.library.people.state(session, [Entered(known, said, both.library.clock.now(), record)], "tester")
    amend(both, new, city="suzhou")
    assert (known.id, record) == (old, new)
    assert both.library.shown(old).city == "suzhou"
    both.part(judgement)
    assert (both.library.shown(old).city, both.library.shown(new).city) == ("suzhou", "nantong")
    assert [each.source for each in both.library.said(new)] == ["office", "import"]


def test_a_source_number_of_a_merged_record_stays_taken(both: Duplicates) -> None:
    old, new = enter(both, "P-1", "P-2")
    both.merge(old, new)
    with pytest.raises(BoleError) as refused:
        both.library.register(ref="P-2")
    assert refused.value.metadata == {"resource": f"persons/{old}"}


def test_the_stricter_consent_counts_until_it_is_reviewed(both: Duplicates) -> None:
    (old,) = enter(both, "P-1")
    (new,) = enter(both, "P-2", purposes=frozenset({Purpose.STATISTICS, Purpose.MATCH_FIRM}))
    before = both.state()
    person, judgement = both.merge(old, new)
    assert both.get(person).purposes == {Purpose.STATISTICS}
    both.library.clock.advance(timedelta(seconds=1))
    amend(both, person, purposes=frozenset({Purpose.STATISTICS, Purpose.MATCH_POSITION}))
    assert both.get(person).purposes == {Purpose.STATISTICS, Purpose.MATCH_POSITION}
    both.part(judgement)
    assert both.get(new).purposes == before[new][0].purposes


def test_a_withdrawn_record_allows_nothing_and_a_withdrawal_reaches_all_records(both: Duplicates) -> None:
    old, new, third = enter(both, "P-1", "P-2", "P-3")
    with both.library.database.write() as session:
        Withdrawing(both.library.people).withdraw(
            session, both.library.people.get(session, new), "本人要求", "tester"
        )
    before = both.state()
    _, first = both.merge(old, new)
    assert (both.get(old).status, both.get(old).purposes) == (PersonStatus.ACTIVE, frozenset())
    both.part(first)
    assert both.state() == before
    both.library.clock.advance(timedelta(seconds=1))
    _, second = both.merge(old, third)
    with both.library.database.write() as session:
        Withdrawing(both.library.people).withdraw(
            session, both.library.people.get(session, third), "本人要求", "tester"
        )
    both.part(second)
    assert {both.get(id_).status for id_ in (old, third)} == {PersonStatus.WITHDRAWN}
    assert not both.get(old).purposes | both.get(third).purposes


def test_conflicting_identity_numbers_refuse_a_cluster_and_name_both(both: Duplicates) -> None:
    (a,) = enter(both, "P-1", id_digest="a" * 64)
    (b,) = enter(both, "P-2", id_digest=None)
    (c,) = enter(both, "P-3", id_digest="b" * 64)
    both.merge(a, b)
    with pytest.raises(FailedPrecondition) as refused:
        both.merge(b, c)
    assert refused.value.reason == "CONFLICTING_KEYS"
    assert f"persons/{a}" in refused.value.text.en
    assert f"persons/{c}" in refused.value.text.en
    assert len(both.standing()) == 1


def test_a_negative_judgement_keeps_clusters_apart_until_it_is_taken_back(both: Duplicates) -> None:
    a, b, c = enter(both, "P-1", "P-2", "P-3")
    apart = both.judge(a, c, Verdict.NEGATIVE)
    both.merge(a, b)
    with pytest.raises(FailedPrecondition) as refused:
        both.merge(b, c)
    assert refused.value.reason == "JUDGED_APART"
    both.take_back(apart)
    assert both.merge(b, c)[0] == a


def test_judgements_are_kept_and_never_overwritten(both: Duplicates) -> None:
    a, b = enter(both, "P-1", "P-2")
    first = both.judge(a, b, Verdict.UNSURE)
    second = both.judge(b, a, Verdict.NEGATIVE)
    assert [each.id for each in both.standing()] == [second]
    table = schema.duplicate_judgement
    gone = both.library.rows(select(table).where(table.c.id == first))[0]
    assert (gone.verdict, gone.deleted_by) == (Verdict.UNSURE, "tester")
    with pytest.raises(InvalidArgument) as refused:
        both.judge(a, b, Verdict.POSITIVE)
    assert refused.value.reason == "USE_MERGE"
    _, merge = both_merge_after(both, second, a, b)
    with pytest.raises(FailedPrecondition) as caught:
        both.take_back(merge)
    assert caught.value.reason == "USE_UNMERGE"
    with pytest.raises(FailedPrecondition) as caught:
        both.judge(a, b, Verdict.NEGATIVE)
    assert caught.value.reason == "ALREADY_MERGED"


def test_moves_are_neither_made_nor_lost_by_a_merge(both: Duplicates) -> None:
    (old,) = enter(both, "P-1")
    with both.library.database.write() as session:
        person, now = both.library.people.get(session, old), both.library.clock.now()
        said = Stated(facts={"city": "suzhou"}, source="self", observed=date(2026, 6, 20))
        both.library.people.state(session, [Entered(person, said, now)], "tester")
    (new,) = enter(both, "P-2", observed=date(2026, 6, 30), purposes=frozenset[Purpose]())
    before = moves(both)
    assert [(each.person_id, each.voided_at) for each in before] == [(old, None)]
    _, judgement = both.merge(old, new)
    assert both.get(old).city == "nantong"
    assert [each.voided_at is None for each in moves(both)] == [False]  # nobody agreed to be counted
    both.part(judgement)
    assert moves(both) == before


def moves(both: Duplicates) -> list[Any]:
    columns = [column for column in schema.move.c if column.name != "version"]
    return list(both.library.rows(select(*columns).order_by(schema.move.c.id)))


def test_erasing_a_merged_person_leaves_no_record_of_it(both: Duplicates) -> None:
    a, b, c = enter(both, "P-1", "P-2", "P-3")
    both.merge(a, b)
    both.judge(a, c, Verdict.UNSURE)
    with both.library.database.write() as session:
        Erasing(both.library.people).erase(session, both.library.people.get(session, b), "tester")
    for id_ in (a, b):
        with pytest.raises(NotFound):
            both.get(id_)
        assert states(both, id_)[-1] == person_event_pb2.PersonState()
    for table, column in (
        (schema.person_key, "person_id"),
        (schema.record_link, "record_id"),
        (schema.merged_record, "record_id"),
        (schema.duplicate_block, "person_id"),
        (schema.duplicate_judgement, "left"),
        (schema.duplicate_suggestion, "left"),
    ):
        assert not both.library.rows(select(table).where(table.c[column].in_((a, b)))), table.name


def test_a_row_about_a_merged_record_is_about_that_record(both: Duplicates) -> None:
    imports = Importing(both.library.talent)
    for number in (1, 2):
        imports.load("persons", {**PERSON, "ref": f"P-{number}"})
    imports.load("teams", TEAM)
    old, new = sorted(both.everybody())
    _, judgement = both.merge(old, new)
    report, _ = imports.load(
        "persons",
        {**PERSON, "ref": "P-1", "phone": "13800000001"},
        {**PERSON, "ref": "P-2", "phone": "13800000002"},
    )
    assert [(each.created_count, each.changed_count) for each in report.sheets] == [(0, 2)]
    report, _ = imports.load("persons", {**PERSON, "ref": "P-2", "phone": "13800000002"})
    assert [(each.created_count, each.same_count) for each in report.sheets] == [(0, 1)]
    imports.load("teams", {**TEAM, "lead": "P-2"})
    assert both.everybody() == [old]
    both.part(judgement)
    assert both.library.shown(old).phone == "13800000001"
    assert both.library.shown(new).phone == "13800000002"
    both.assert_counted()


def both_merge_after(both: Duplicates, judgement: str, left: str, right: str) -> tuple[str, str]:
    both.take_back(judgement)
    return both.merge(left, right)
