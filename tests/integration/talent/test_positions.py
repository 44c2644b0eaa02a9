"""The life of positions on both engines: expiry by the tick, repeated advertisements, outcomes and erasure."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from services.kernel.clock import civil_date
from services.kernel.errors import Aborted
from services.talent.domain.people.availability import Availability
from services.talent.domain.people.person import Person, PersonFacts, Purpose
from services.talent.domain.position import (
    OutcomeKind,
    OutcomeStated,
    Position,
    PositionFacts,
    PositionStatus,
)
from services.talent.service.privacy.erasing import Erasing
from services.talent.service.privacy.withdrawing import Withdrawing
from services.talent.service.shortage.counting import Ticker
from services.talent.service.turning import AtTurn
from services.talent.store import schema
from services.talent.store.counts import state as states
from tests.integration.talent.installed import Talent

TODAY = date(2026, 7, 1)


def facts(ref: str, **changes: object) -> PositionFacts:
    given: dict[str, object] = {
        "ref": ref,
        "title": "电解槽工程师",
        "employer": "南通海氢科技",
        "city": "nantong",
        "leaf": "seawater-h2",
        "category": "outstanding-engineer",
        "headcount": 3,
        "opened": TODAY - timedelta(days=10),
    }
    return PositionFacts(**{**given, **changes})  # type: ignore[arg-type]


def publish(talent: Talent, ref: str, **changes: object) -> str:
    talent.clock.advance(timedelta(seconds=1))
    with talent.database.write() as session:
        return talent.positions.publish(session, facts(ref, **changes), "SYNTHETIC", "tester").id


def register(talent: Talent) -> str:
    stated = PersonFacts(
        ref="P-1",
        name="欧阳明",
        category="outstanding-engineer",
        city="nantong",
        availability=Availability.NOW,
        direction_shares=(("seawater-h2", 1000),),
        observed=TODAY,
        purposes=frozenset({Purpose.STATISTICS}),
    )
    with talent.database.write() as session:
        return talent.people.register(session, stated, "SYNTHETIC", "tester").id


def events_of(talent: Talent, id_: str) -> int:
    outbox = schema.shared.outbox
    with talent.database.read() as session:
        query = select(func.count()).where(outbox.c.aggregateid == id_)
        return int(session.execute(query).scalar_one())


def test_a_position_renewed_twice_in_one_instant_has_two_versions(talent: Talent) -> None:
    renewed = publish(talent, "J-9", title="工程师九")
    for _ in range(2):
        with talent.database.write() as session:
            talent.positions.renew(session, talent.positions.get(session, renewed), "tester")
    assert events_of(talent, renewed) == 3


def test_the_tick_expires_exactly_what_is_due_and_tells_of_it(talent: Talent) -> None:
    due = [publish(talent, f"J-{n}", title=f"工程师{n}") for n in range(3)]
    renewed = publish(talent, "J-9", title="工程师九")
    talent.pass_days(100)
    with talent.database.write() as session:
        talent.positions.renew(session, talent.positions.get(session, renewed), "tester")
    talent.pass_days(70)
    with talent.database.write() as session:
        assert ended(talent, session) == []
    talent.pass_days(1)
    with talent.database.write() as session:
        assert {each.id for each in ended(talent, session)} == set(due)
    with talent.database.write() as session:
        assert ended(talent, session) == []
    assert [events_of(talent, id_) for id_ in due] == [2, 2, 2]
    with talent.database.write() as session:
        expired = talent.positions.get(session, due[0])
        assert (expired.status, expired.outcome) == (PositionStatus.EXPIRED, OutcomeKind.EXPIRED)
        talent.positions.renew(session, expired, "tester")
        assert (expired.status, expired.outcome) == (PositionStatus.OPEN, None)
    with talent.database.read() as session:
        rows = session.execute(
            text("SELECT kind, heads, voided_at FROM position_outcome ORDER BY position_id")
        )
        assert sorted((row.kind, row.heads, row.voided_at is None) for row in rows) == [
            ("EXPIRED", 3, False),
            ("EXPIRED", 3, True),
            ("EXPIRED", 3, True),
        ]


def test_what_repeats_an_advertisement_counts_again_when_that_one_changes(talent: Talent) -> None:
    first, second = publish(talent, "J-1"), publish(talent, "J-2", employer="南通 海氢科技")
    third = publish(talent, "J-3")
    with talent.database.write() as session:
        assert talent.positions.get(session, second).duplicate_of == first
        assert talent.positions.get(session, third).duplicate_of == first
        position = talent.positions.get(session, first)
        talent.positions.revise(session, position, facts("J-1", title="膜电极工程师"), "tester")
    with talent.database.read() as session:
        assert talent.positions.get(session, second).duplicate_of is None
        assert talent.positions.get(session, third).duplicate_of == second
    assert events_of(talent, second) == 2


def test_two_writers_of_one_position_cannot_both_record_the_last_head(talent: Talent) -> None:
    id_ = publish(talent, "J-1", headcount=1)
    filled = OutcomeStated(kind=OutcomeKind.FILLED_ELSEWHERE)
    with talent.database.read() as session:
        stale = talent.positions.get(session, id_)
    with talent.database.write() as session:
        assert talent.positions.record(session, talent.positions.get(session, id_), filled, "one") == 1
    with pytest.raises(Aborted), talent.database.write() as session:
        talent.positions.record(session, session.merge(stale, load=False), filled, "two")
    with talent.database.read() as session:
        assert session.execute(select(func.count()).select_from(schema.position_outcome)).scalar_one() == 1


@pytest.mark.parametrize("gone", ["withdrawn", "erased"])
def test_an_outcome_forgets_the_person_and_keeps_the_count(talent: Talent, gone: str) -> None:
    person_id, id_ = register(talent), publish(talent, "J-1")
    stated = OutcomeStated(kind=OutcomeKind.FILLED_FROM_LIBRARY, person_id=person_id)
    with talent.database.write() as session:
        talent.positions.record(session, talent.positions.get(session, id_), stated, "tester")
    with talent.database.write() as session:
        person = session.get_one(Person, person_id)
        if gone == "withdrawn":
            Withdrawing(talent.people).withdraw(session, person, "本人撤回", "tester")
        else:
            Erasing(talent.people).erase(session, person, "tester")
    with talent.database.read() as session:
        row = session.execute(select(schema.position_outcome)).one()
        assert (row.person_id, row.heads) == (None, 1)
        assert session.get_one(Position, id_).filled == 1


def ended(talent: Talent, session: Session) -> list[Position]:
    """What ends today."""
    due = talent.positions.due(session, civil_date(talent.clock.now()))
    return talent.positions.expire(session, due)


def test_a_position_that_cannot_expire_keeps_nobody_else_from_it(talent: Talent) -> None:
    ids = [publish(talent, f"J-{n}", title=f"工程师{n}") for n in range(3)]
    broken = {ids[1]}

    def expire(session: Session, some: Sequence[str]) -> list[Position]:
        found = talent.positions.expire(session, some)
        if broken & {each.id for each in found}:
            raise RuntimeError("of an earlier program")
        return found

    ticker = Ticker(talent.database, talent.counter, talent.clock, (AtTurn(talent.positions.due, expire),))
    talent.pass_days(181)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            ticker.turn()
    with talent.database.read() as session:
        assert talent.positions.due(session, civil_date(talent.clock.now())) == [ids[1]]
        frame_day = states.current(session)
    assert frame_day is not None
    assert frame_day.day == civil_date(talent.clock.now())
    broken.clear()
    assert ticker.turn()
    assert [events_of(talent, id_) for id_ in ids] == [2, 2, 2]
