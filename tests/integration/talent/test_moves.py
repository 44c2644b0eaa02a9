"""Moves derived from people's records, on both engines."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from services.talent.domain.flows.move import MoveFacts, MoveReason
from services.talent.domain.people.availability import Availability
from services.talent.domain.people.person import Person, PersonFacts, Purpose
from services.talent.service.privacy.erasing import Erasing
from services.talent.service.privacy.withdrawing import Withdrawing
from services.talent.store import schema
from tests.integration.talent.installed import Talent

TODAY = date(2026, 7, 1)
FACTS = PersonFacts(
    ref="P-1",
    name="欧阳明",
    category="outstanding-engineer",
    city="nantong",
    availability=Availability.NOW,
    direction_shares=(("seawater-h2", 600), ("liquid-h2", 400)),
    observed=TODAY,
    purposes=frozenset({Purpose.STATISTICS}),
)


def register(talent: Talent, facts: PersonFacts = FACTS) -> str:
    with talent.database.write() as session:
        return talent.people.register(session, facts, "SYNTHETIC", "tester").id


def amend(talent: Talent, id_: str, **facts: object) -> None:
    with talent.database.write() as session:
        talent.people.amend(session, session.get_one(Person, id_), facts, "tester")


def moves(talent: Talent) -> list[tuple[str, str, bool, bool]]:
    table = schema.move
    with talent.database.read() as session:
        rows = session.execute(select(table).order_by(table.c.created_at, table.c.id))
        return [(row.from_city, row.to_city, row.derived, row.voided_at is None) for row in rows]


def test_a_change_of_city_is_a_move_and_a_change_back_soon_after_was_a_mistake(talent: Talent) -> None:
    id_ = register(talent)
    assert moves(talent) == []
    amend(talent, id_, title="高级工程师")
    assert moves(talent) == []
    talent.pass_days(40)
    amend(talent, id_, city="suzhou")
    assert moves(talent) == [("nantong", "suzhou", True, True)]
    talent.pass_days(5)
    amend(talent, id_, city="nantong")
    assert moves(talent) == [("nantong", "suzhou", True, False)]
    amend(talent, id_, city="outside")
    talent.pass_days(90)
    amend(talent, id_, city="suzhou")
    assert [each[:2] for each in moves(talent) if each[3]] == [("nantong", "outside"), ("outside", "suzhou")]


def test_nobody_moves_who_is_not_counted_and_their_moves_go_with_consent(talent: Talent) -> None:
    silent = register(talent, replace(FACTS, ref="P-2", purposes=frozenset()))
    counted = register(talent)
    for id_ in (silent, counted):
        amend(talent, id_, city="suzhou")
    assert len(moves(talent)) == 1
    with talent.database.write() as session:
        Withdrawing(talent.people).withdraw(session, session.get_one(Person, counted), "本人撤回", "tester")
    assert moves(talent) == []


def test_erasure_leaves_moves_of_others_alone(talent: Talent) -> None:
    id_ = register(talent)
    amend(talent, id_, city="suzhou")
    anonymous = MoveFacts(
        category="highly-skilled",
        shares=(("seawater-h2", 1000),),
        from_city="nantong",
        to_city="",
        day=TODAY + timedelta(days=200),
        heads=4,
        reason=MoveReason.RETIRED,
    )
    with talent.database.write() as session:
        talent.moves.record(session, anonymous, "SYNTHETIC", "tester")
        Erasing(talent.people).erase(session, session.get_one(Person, id_), "tester")
    assert moves(talent) == [("nantong", "", False, True)]
