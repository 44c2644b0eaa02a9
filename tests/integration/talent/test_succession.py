"""A new edition of the catalogue over a library of the old one, on both engines: renamed, merged, split."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import pytest

from services.chassis.outbox.journal import Journal
from services.chassis.storage.db import Database
from services.kernel.clock import ManualClock
from services.kernel.ids import TimeOrderedIds
from services.talent.app import BLUEPRINT
from services.talent.domain.flows.hiring import FundedHire
from services.talent.domain.flows.move import MoveFacts
from services.talent.domain.flows.training import TrainingFacts
from services.talent.domain.people.person import Person
from services.talent.domain.people.team import Team, TeamFacts
from services.talent.domain.position import Position
from services.talent.domain.shortage.outlook.means import Means
from services.talent.domain.shortage.outlook.records import ForecastTarget, PublishedForecast
from services.talent.domain.shortage.table import Address
from services.talent.service.people.teams import Teams
from services.talent.service.positions.hires import DealHeard, ExpectedHires
from services.talent.service.shortage.analysis import Analysis
from services.talent.service.shortage.counting.publishing import Publisher
from services.talent.service.shortage.shortage import ShortageMap
from services.talent.service.shortage.telling import Teller
from services.talent.service.shortage.watching import Watching
from services.talent.service.succeeding import Succeeding
from services.talent.store import schema
from services.talent.store.shortage import analysis as store
from tests.integration.talent.installed import Talent
from tests.integration.talent.test_live_counts import assert_level, person_facts, position_facts
from tests.integration.talent.test_telling import told
from tests.integration.templates import Templates
from tests.unit.catalogue.earlier import MERGED, OTHER, RENAMED, SPLIT, TODAY, earlier


@dataclass
class Before:
    talent: Talent
    people: dict[str, str]
    positions: dict[str, str]
    team: str
    watch: str


@pytest.fixture
def before(database: Database, templates: Templates) -> Before:
    """A library under the old catalogue that has closed a quarter."""
    templates.fill(database, BLUEPRINT)
    clock = ManualClock(datetime(2026, 7, 1, 2, tzinfo=UTC))
    old = Talent.over(Database(database.engine), clock, earlier())
    old.ticker.turn()
    people, positions = {}, {}
    with old.database.write() as session:
        for code in ("marine-h2", "merged-a", "merged-b", "broad-h2"):
            for number in range(6):
                also = "merged-b" if code == "merged-a" else "merged-a"
                shares = ((code, 1000),) if number else ((code, 500), (also, 500))
                facts = person_facts(f"P-{code}-{number}", direction_shares=shares)
                people[f"{code}-{number}"] = old.people.register(session, facts, "SYNTHETIC", "tester").id
            wanted = position_facts(f"J-{code}", leaf=code, opened=date(2026, 6, 1))
            positions[code] = old.positions.publish(session, wanted, "SYNTHETIC", "tester").id
        team = Teams(old.people).register(
            session,
            TeamFacts(
                ref="T-1",
                name="海氢团队",
                lead=people["marine-h2-1"],
                members=(),
                directions=("marine-h2", "broad-h2"),
                city="nantong",
                needs=(("broad-h2", 5),),
            ),
            "SYNTHETIC",
            "tester",
        )
        old.training.register(
            session,
            TrainingFacts(
                ref="C-1",
                provider="南通大学",
                city="nantong",
                leaf="broad-h2",
                category="outstanding-engineer",
                places=20,
                starts=date(2026, 1, 1),
                completes=date(2026, 12, 1),
                completion=900,
                retention=700,
            ),
            "SYNTHETIC",
            "tester",
        )
        old.moves.record(
            session,
            MoveFacts(
                category="outstanding-engineer",
                shares=(("broad-h2", 1000),),
                from_city="nantong",
                to_city="suzhou",
                day=date(2026, 6, 1),
                heads=10,
            ),
            "SYNTHETIC",
            "tester",
        )
        window = date(2026, 7, 1), date(2027, 6, 30)
        hire = FundedHire("broad-h2", "nantong", "outstanding-engineer", *window, 10_000_000)
        heard = DealHeard(
            "D-1", 1, firm_id="F-1", origin="SYNTHETIC", basis="PLAN", basis_deals=0, hires=(hire,)
        )
        ExpectedHires(old.clock).hear_deal(session, heard)
        journal = _journal(old)
        watch = Watching(journal, old.clock, TimeOrderedIds(old.clock)).create(
            session, "officer", Address("marine-h2", "nantong"), 3, 80
        )
    Teller(old.database, old.counter.live, journal, old.clock).tell()
    old.pass_days(95)
    old.ticker.turn()
    return Before(old, people, positions, team.id, watch.id)


def _journal(talent: Talent) -> Journal:
    shared = schema.shared
    return Journal(shared.history, shared.outbox, "/bole/talent", TimeOrderedIds(talent.clock), talent.clock)


def carried(before: Before) -> Talent:
    """The same library under today's catalogue."""
    engine = before.talent.database.engine
    now = Talent.over(Database(engine), before.talent.clock, TODAY)
    succeeding = Succeeding(now.people, now.positions, Teams(now.people), now.counter)
    assert succeeding.run(Database(engine)) > 0
    assert succeeding.run(Database(engine)) == 0
    return now


def test_everything_stands_under_todays_directions_and_is_counted_there(before: Before) -> None:
    with before.talent.database.read() as session:
        was = before.talent.counter.live.follow(session)
    assert was is not None
    now = carried(before)
    with now.database.read() as session:
        assert session.get_one(Person, before.people["marine-h2-1"]).direction_shares == ((RENAMED, 1000),)
        assert session.get_one(Person, before.people["merged-b-0"]).direction_shares == ((MERGED, 1000),)
        split = session.get_one(Person, before.people["broad-h2-1"]).direction_shares
        assert split == ((SPLIT, 600), (OTHER, 400))
        leaves = {code: session.get_one(Position, id_).leaf for code, id_ in before.positions.items()}
        assert leaves == {"marine-h2": RENAMED, "merged-a": MERGED, "merged-b": MERGED, "broad-h2": SPLIT}
        team = session.get_one(Team, before.team)
        assert team.directions == (RENAMED, SPLIT, OTHER)
        assert team.needs == ((SPLIT, 3), (OTHER, 2))
    assert_level(now)
    table, then = now.frame().table, was.table
    at = table.at(Address("hydrogen", "nantong"))
    there = then.at(Address("hydrogen", "nantong"))
    for name in ("demand", "supply", "persons", "arrivals", "funded", "moved_out"):
        assert getattr(table.cube, name)[at] == getattr(then.cube, name)[there], name
    assert table.cube.moved_out[table.at(Address(SPLIT, "nantong"))] == 5  # type: ignore[index]
    assert table.cube.moved_out[table.at(Address(OTHER, "nantong"))] == 5  # type: ignore[index]


def test_what_a_source_said_under_an_old_name_is_shown_under_todays(before: Before) -> None:
    now = carried(before)
    with now.database.write() as session:
        person = session.get_one(Person, before.people["broad-h2-2"])
        now.people.reproject(session, [person], "tester")
        assert person.direction_shares == ((SPLIT, 600), (OTHER, 400))
    assert_level(now)


def test_the_trend_spans_the_editions_with_a_marked_break(before: Before) -> None:
    now = carried(before)
    with now.database.read() as session:
        found = Analysis(ShortageMap(now.counter), now.clock, TimeOrderedIds(now.clock)).quarters_before(
            session, date(2026, 10, 4), 4
        )
        past = now.counter.live.closed.before(session, date(2026, 10, 4))
    (day, table), *_ = found
    assert day == date(2026, 9, 30)
    at = table.at(Address(RENAMED, "nantong"))
    assert table.cube.demand[at] == 3
    assert table.cube.supply[at] > 0
    assert table.cube.recast >= {RENAMED, MERGED, SPLIT, OTHER}
    assert not table.cube.recast & {"hydrogen", "all"}
    assert past.history is not None
    assert past.history.demand[-1][at] == 3
    merged = table.at(Address(MERGED, "nantong"))
    assert past.history.demand[-1][merged] == 6
    assert np.isfinite(past.beliefs[-1].log_odds[at])
    assert np.isnan(past.beliefs[-1].log_odds[merged])


def test_forecasts_and_plans_are_read_under_todays_directions_and_scored_there(before: Before) -> None:
    old, due = before.talent, date(2026, 12, 31)
    analysis = Analysis(ShortageMap(old.counter), old.clock, TimeOrderedIds(old.clock))
    codes = ("marine-h2", "merged-a", "merged-b", "broad-h2")
    with old.database.write() as session:
        as_of = old.frame().state.day
        forecast = PublishedForecast("F-1", old.clock.now(), "officer", as_of, "1", "SYNTHETIC", len(codes))
        targets = [ForecastTarget(Address(each, "nantong"), due, 3, 3.0, 1.0, 6.0) for each in codes]
        store.add_forecast(session, forecast, targets)
        plan = analysis.propose(
            old.frame().table,
            [Address(each, "nantong") for each in codes],
            Means(recruits=8),
            1,
            "SYNTHETIC",
            "officer",
        )
        analysis.keep(session, plan)
    now = carried(before)
    analysis = Analysis(ShortageMap(now.counter), now.clock, TimeOrderedIds(now.clock))
    with now.database.read() as session:
        found = analysis.forecast(session, "F-1", date(2027, 1, 2))
        planned = analysis.plan(session, plan.plan.id, date(2027, 1, 2))
    came = {target.address.node: (round(target.mean, 9), actual) for target, actual in found.targets}
    assert came == {RENAMED: (3.0, 3), MERGED: (6.0, 6), SPLIT: (1.8, 3), OTHER: (1.2, 0)}
    assert found.score is not None
    assert found.score.scored == 4
    assert {each.line.address.node for each in planned.lines} <= {RENAMED, MERGED, SPLIT, OTHER}
    assert sum(each.line.recruits for each in planned.lines) == sum(e.line.recruits for e in plan.lines)
    assert planned.realised is not None


def test_cells_whose_code_is_gone_end_with_a_tombstone_and_watches_move_along(before: Before) -> None:
    now = carried(before)
    Teller(now.database, now.counter.live, _journal(now), now.clock).tell()
    events = told(now, "marine-h2/nantong/outstanding-engineer")
    assert events[0] is not None
    assert events[-1] is None
    assert told(now, f"{RENAMED}/nantong/outstanding-engineer")[-1].scope.direction_code == RENAMED
    with now.database.read() as session:
        assert session.execute(schema.shortage_watch.select()).one().node == RENAMED
        kept = {row.node for row in session.execute(schema.shortage_standing.select())}
    assert not kept & {"marine-h2", "merged-a", "merged-b", "broad-h2"}


def test_a_public_state_of_the_earlier_edition_still_hides_what_it_hid(before: Before) -> None:
    old = before.talent
    assert Publisher(old.database, old.counter.live, old.clock).publish()
    day = old.frame().state.day
    with old.database.read() as session:
        then = ShortageMap(old.counter).public(session, day)
    now = carried(before)
    with now.database.read() as session:
        table = ShortageMap(now.counter).public(session, day)
    assert then is not None
    assert table is not None
    same = [code for code in then.cube.axes.nodes if code in table.cube.axes.node_at]
    for code in same:
        hidden = then.pattern.hidden[then.cube.axes.node_at[code]]
        assert (table.pattern.hidden[table.cube.axes.node_at[code]] >= hidden).all()
    publisher = Publisher(now.database, now.counter.live, now.clock)
    now.pass_days(1)
    assert now.ticker.turn()
    assert publisher.publish()
    with now.database.read() as session:
        renewed = ShortageMap(now.counter).public(session, now.frame().state.day)
    assert renewed is not None
    assert RENAMED in renewed.cube.axes.node_at
