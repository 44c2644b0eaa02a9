"""Proposals refused for want of a skill, on both engines: they reach the causes of a shortage, and forget people."""

from datetime import date, timedelta

from services.kernel.clock import civil_date
from services.talent.domain.people.person import Person
from services.talent.domain.position import OutcomeKind, OutcomeStated, Position
from services.talent.domain.shortage.reasons.drivers import drivers
from services.talent.domain.shortage.table import Address
from services.talent.service.privacy.withdrawing import Withdrawing
from services.talent.store import positions as store
from services.talent.store import schema
from tests.integration.talent.installed import Talent
from tests.integration.talent.test_live_counts import person_facts, position_facts

HERE = Address("seawater-h2", "nantong", "outstanding-engineer")


def causes(talent: Talent) -> dict[str, str]:
    today = civil_date(talent.clock.now())
    with talent.database.read() as session:
        refused = store.refusals(session, today - timedelta(days=730), today)
    return {each.code: each.cause.zh for each in drivers(talent.frame().table, HERE, refused=refused)}


def test_refusals_for_one_skill_name_it_until_they_are_taken_back(talent: Talent) -> None:
    talent.ticker.turn()
    with talent.database.write() as session:
        people = [
            talent.people.register(
                session, person_facts(f"P-{n}", observed=date(2026, 7, 1)), "SYNTHETIC", "tester"
            ).id
            for n in range(12)
        ]
        made = talent.positions.publish(session, position_facts("J-1", headcount=9), "SYNTHETIC", "tester").id
    assert "低温测控" not in causes(talent).get("suitability", "")
    for person in (people[0], people[1], None):
        with talent.database.write() as session:
            stated = OutcomeStated(kind=OutcomeKind.PROPOSAL_REFUSED, person_id=person, skill="低温测控")
            talent.positions.record(session, session.get_one(Position, made), stated, "tester")
    assert "低温测控（3 人）" in causes(talent)["suitability"]
    with talent.database.write() as session:
        Withdrawing(talent.people).withdraw(session, session.get_one(Person, people[0]), "本人撤回", "tester")
    with talent.database.read() as session:
        rows = session.execute(
            schema.position_outcome.select().order_by(schema.position_outcome.c.number)
        ).all()
    assert [(row.person_id, row.skill) for row in rows] == [
        (None, "低温测控"),
        (people[1], "低温测控"),
        (None, "低温测控"),
    ]
    assert "低温测控（3 人）" in causes(talent)["suitability"]
    with talent.database.write() as session:
        talent.positions.void(session, session.get_one(Position, made), 2, "登记有误", "tester")
    assert "低温测控" not in causes(talent).get("suitability", "")
    assert talent.frame().table.cube.demand[talent.frame().table.at(HERE)] == 9
