"""A region's own directions in a library, on both engines: they appear, are counted apart, and end."""

from datetime import UTC, datetime

from services.catalogue import Catalogue, load
from services.chassis.storage.db import Database
from services.kernel.clock import ManualClock
from services.talent.app import BLUEPRINT
from services.talent.domain.people.person import Person
from services.talent.domain.position import Position
from services.talent.domain.shortage.table import Address
from services.talent.service.people.teams import Teams
from services.talent.service.succeeding import Succeeding
from services.talent.store.counts.cells import strange
from tests.integration.talent.installed import Talent
from tests.integration.talent.test_live_counts import assert_level, person_facts, position_facts
from tests.integration.templates import Templates
from tests.unit.catalogue.test_local import BUNKERING, FIRST, SENSING, file

OWN = "local-h2-bunkering"
NAMED = "seawater-h2"
REGION = load(file(SENSING, BUNKERING))
ENDED = load(file(SENSING, editions=(FIRST, {"version": "2027-1", "directions": {OWN: {NAMED: 1000}}})))


def over(database: Database, catalogue: Catalogue, clock: ManualClock) -> Talent:
    return Talent.over(Database(database.engine), clock, catalogue)


def demand(talent: Talent, node: str) -> int:
    table = talent.frame().table
    return int(table.cube.demand[table.at(Address(node, "nantong"))])


def test_they_count_in_their_industry_and_go_where_a_later_edition_says(
    database: Database, templates: Templates
) -> None:
    templates.fill(database, BLUEPRINT)
    clock = ManualClock(datetime(2026, 7, 1, 2, tzinfo=UTC))
    before = over(database, load(), clock)
    before.ticker.turn()
    with before.database.write() as session:
        before.positions.publish(session, position_facts("J-1", leaf=NAMED), "SYNTHETIC", "tester")
        before.people.register(
            session, person_facts("P-1", direction_shares=(("quantum", 1000),)), "SYNTHETIC", "tester"
        )
    before.ticker.turn()
    named, industry = demand(before, NAMED), demand(before, "hydrogen")

    region = over(database, REGION, clock)
    with region.database.write() as session:
        own = region.positions.publish(session, position_facts("J-2", leaf=OWN), "SYNTHETIC", "tester").id
        shares = ((OWN, 400), (SENSING["id"], 600))
        person = region.people.register(
            session, person_facts("P-2", direction_shares=shares), "SYNTHETIC", "tester"
        ).id
    assert_level(region)
    assert demand(region, OWN) > 0
    assert demand(region, NAMED) == named
    assert demand(region, "hydrogen") == industry + demand(region, OWN)
    assert "船用氢加注" in region.frame().table.note.zh
    with region.database.read() as session:
        assert strange(session, region.counter.axes) == []
        assert strange(session, before.counter.axes) == sorted([OWN, str(SENSING["id"])])

    ended = over(database, ENDED, clock)
    succeeding = Succeeding(ended.people, ended.positions, Teams(ended.people), ended.counter)
    assert succeeding.run(Database(database.engine)) == 2
    assert succeeding.run(Database(database.engine)) == 0
    with ended.database.read() as session:
        assert session.get_one(Position, own).leaf == NAMED
        assert session.get_one(Person, person).direction_shares == ((NAMED, 400), (SENSING["id"], 600))
        assert strange(session, ended.counter.axes) == []
    assert_level(ended)
    assert demand(ended, NAMED) == 2 * named
