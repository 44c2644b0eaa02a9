"""Closed quarters on both engines: what a forecast rests on, how it is scored, and how plans turn out."""

from datetime import date, timedelta

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition, NotFound
from services.kernel.ids import TimeOrderedIds
from services.talent.domain.period import Quarter
from services.talent.domain.position import Position
from services.talent.domain.shortage.outlook.means import Means
from services.talent.domain.shortage.reasons.comparison import change, known
from services.talent.domain.shortage.table import Address, ShortageTable
from services.talent.service.shortage.analysis import Analysis
from services.talent.service.shortage.counting.frame import Frame
from services.talent.service.shortage.counting.laying import lay_quarters
from services.talent.service.shortage.shortage import ShortageMap
from tests.integration.talent.installed import Talent
from tests.integration.talent.test_live_counts import person_facts, position_facts

HERE = Address("hydrogen", "nantong")


class Years:
    """A library that people and positions are added to, and quarters that pass."""

    def __init__(self, talent: Talent) -> None:
        self.talent = talent
        self.map = ShortageMap(talent.counter)
        self.analysis = Analysis(self.map, talent.clock, TimeOrderedIds(talent.clock))
        self.positions: list[str] = []
        talent.ticker.turn()

    @property
    def today(self) -> date:
        return civil_date(self.talent.clock.now())

    def enter(self, people: int, positions: int) -> None:
        with self.talent.database.write() as session:
            for _ in range(people):
                ref = self.talent.people.ids.new()
                self.talent.people.register(
                    session, person_facts(ref, observed=self.today), "SYNTHETIC", "tester"
                )
            for _ in range(positions):
                facts = position_facts(self.talent.positions.ids.new(), opened=self.today, headcount=2)
                found = self.talent.positions.publish(session, facts, "SYNTHETIC", "tester")
                self.positions.append(found.id)

    def pass_quarters(self, count: int, each: int = 0) -> None:
        """To the day after each quarter's end; all postings are renewed, `each` more are published."""
        for _ in range(count):
            target = Quarter.of(self.today).end + timedelta(days=1)
            self.talent.pass_days((target - self.today).days)
            self.talent.ticker.turn()
            with self.talent.database.write() as session:
                for id_ in self.positions:
                    self.talent.positions.renew(session, session.get_one(Position, id_), "tester")
            self.enter(0, each)

    def frame(self) -> Frame:
        with self.talent.database.read() as session:
            return self.map.frame(session)

    def table(self) -> ShortageTable:
        return self.frame().table


@pytest.fixture
def years(talent: Talent) -> Years:
    return Years(talent)


def test_closed_quarters_hold_what_was_counted_and_opened_and_do_not_change(years: Years) -> None:
    years.enter(people=8, positions=5)
    years.pass_quarters(3, each=1)
    past = years.frame().past
    assert past.history is not None
    assert past.history.opened is not None
    assert past.history.ends == (date(2026, 9, 30), date(2026, 12, 31), date(2027, 3, 31))
    at = years.table().at(HERE)
    series = (slice(None), *at)
    assert past.history.demand[series].tolist() == [10, 12, 14]
    assert past.history.opened[series].tolist() == [10, 2, 2]
    assert past.history.supply[series] == pytest.approx([8, 8, 8], rel=0.2)
    assert len(past.beliefs) == 3
    assert np.isfinite(past.beliefs[-1].log_odds[at])
    assert np.isnan(past.beliefs[-1].log_odds[years.table().at(Address("quantum", "wuxi"))])
    assert np.isfinite(years.table().indices.parts["momentum"][at])
    with years.talent.database.read() as session:
        then = years.map.table(session, date(2026, 12, 31))
    assert then.cube.history is not None
    assert then.cube.history.ends == (date(2026, 9, 30),)
    with pytest.raises(DBAPIError, match="append-only"), years.talent.database.write() as session:
        session.execute(text("UPDATE closed_quarter SET method_version = 'x'"))


def test_a_trend_has_the_quarters_that_were_kept_and_compares_with_last_year(years: Years) -> None:
    years.enter(people=30, positions=8)
    years.pass_quarters(3, each=9)
    with years.talent.database.read() as session:
        before = years.analysis.quarters_before(session, years.today, 8)
        assert [day for day, _ in before] == [date(2026, 9, 30), date(2026, 12, 31), date(2027, 3, 31)]
        assert years.analysis.quarters_before(session, date(2026, 7, 1), 8) == []
        assert years.map.kept(session, date(2025, 12, 31)) is None
        again = years.analysis.quarters_before(session, years.today, 8)
    assert [table for _, table in again] == [table for _, table in before], "kept days are read once"
    then, now = before[0][1], years.table()
    moved = change(known(now, HERE), known(then, HERE), now.method.trend_sure)
    assert moved is not None
    assert moved.delta > 0
    assert moved.rising > 0.5


def test_the_last_day_that_was_kept_stands_for_those_after_it(years: Years) -> None:
    years.enter(people=8, positions=5)
    years.pass_quarters(1)
    years.talent.pass_days(3)
    with years.talent.database.read() as session:
        live = years.frame().state.day
        last = years.map.last_held(session, live - timedelta(days=1))
        assert last is not None
        assert years.map.kept(session, last) is not None
        assert years.map.last_held(session, live) == live
        assert years.map.last_held(session, live + timedelta(days=2)) == live + timedelta(days=2)
        assert years.map.last_held(session, date(2020, 1, 1)) is None


def test_a_forecast_is_published_and_scored_when_its_days_have_come(years: Years) -> None:
    years.enter(people=8, positions=6)
    years.pass_quarters(3, each=1)
    with pytest.raises(FailedPrecondition), years.talent.database.write() as session:
        years.analysis.publish(session, years.table(), [HERE], 2, "SYNTHETIC", "tester")
    years.pass_quarters(1, each=1)
    table = years.table()
    assert table.forecaster.knows(table.at(HERE))
    addresses = [HERE, Address("quantum", "wuxi")]
    with years.talent.database.write() as session:
        published = years.analysis.publish(session, table, addresses, 2, "SYNTHETIC", "tester")
    assert published.forecast.target_count == len(published.targets) > 0
    with years.talent.database.read() as session:
        fresh = years.analysis.forecast(session, published.forecast.id, years.today)
    assert fresh.score is None
    assert all(actual is None for _, actual in fresh.targets)
    years.pass_quarters(2, each=1)
    with years.talent.database.read() as session:
        scored = years.analysis.forecast(session, published.forecast.id, years.today)
    mine = [(target, actual) for target, actual in scored.targets if target.address == HERE]
    assert [actual for _, actual in mine] == [20, 22]
    assert scored.score is not None
    assert scored.score.scored == len(scored.targets)
    assert scored.score.unchanged_error > 0
    assert [target for target, _ in scored.targets] == [target for target, _ in published.targets]


def test_a_plan_is_kept_and_told_what_it_would_have_closed(years: Years) -> None:
    years.enter(people=6, positions=9)
    table = years.table()
    with years.talent.database.write() as session:
        proposed = years.analysis.propose(table, [HERE], Means(recruits=5), 1, "SYNTHETIC", "tester")
        years.analysis.keep(session, proposed)
    assert proposed.plan.due == date(2026, 9, 30)
    assert [each.line.recruits for each in proposed.lines] == [5]
    with years.talent.database.read() as session:
        fresh = years.analysis.plan(session, proposed.plan.id, years.today)
    assert fresh.realised is None
    assert list(fresh.lines) == list(proposed.lines)
    years.pass_quarters(1)
    with years.talent.database.read() as session:
        due = years.analysis.plan(session, proposed.plan.id, years.today)
    assert due.realised == 5.0
    with pytest.raises(NotFound), years.talent.database.read() as session:
        years.analysis.plan(session, "nobody", years.today)


def test_the_quarters_of_a_sample_are_laid_by_the_days_of_its_postings(
    talent: Talent, capsys: pytest.CaptureFixture[str]
) -> None:
    talent.ticker.turn()
    enter(talent, "SYNTHETIC", date(2025, 5, 20), date(2025, 9, 1), date(2026, 6, 1))
    before = talent.frame()
    assert lay_quarters(talent.database, talent.ticker, []) == 0
    after = talent.frame()
    assert after.state.day == before.state.day
    assert (after.counts == before.counts).all()
    assert after.past.history is not None
    at = (slice(None), *after.table.at(HERE))
    ends = after.past.history.ends
    assert ends[-1] == Quarter.of(before.state.day).later(-1).end
    assert after.past.history.opened is not None
    opened = dict(zip(ends, after.past.history.opened[at].tolist(), strict=True))
    assert (opened[date(2025, 6, 30)], opened[date(2025, 9, 30)]) == (2, 2)
    assert lay_quarters(talent.database, talent.ticker, []) == 0, "a second time nothing happens"
    assert lay_quarters(talent.database, talent.ticker, ["9"]) == 1
    assert "no arguments" in capsys.readouterr().err


def test_no_quarters_are_laid_for_real_records(talent: Talent, capsys: pytest.CaptureFixture[str]) -> None:
    talent.ticker.turn()
    enter(talent, "REAL", date(2025, 5, 20))
    assert lay_quarters(talent.database, talent.ticker, []) == 1
    assert "there is real data" in capsys.readouterr().err
    assert talent.frame().past.history is None


def enter(talent: Talent, origin: str, *opened: date) -> None:
    """A posting of two heads opened on each day."""
    with talent.database.write() as session:
        for day in opened:
            facts = position_facts(talent.positions.ids.new(), opened=day, headcount=2)
            talent.positions.publish(session, facts, origin, "tester")
