"""The public edition on both engines: it stands for a day, moves in safe steps, and past days stay as they were."""

from datetime import date, timedelta

import numpy as np
import pytest

from services.catalogue import load
from services.chassis.outbox.journal import Journal
from services.kernel.ids import TimeOrderedIds
from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.exact import recoverable
from services.talent.domain.disclosure.freedom import Freedom
from services.talent.domain.disclosure.patterns import Patterns
from services.talent.domain.disclosure.rules import Edition, Rules
from services.talent.domain.people.person import Person
from services.talent.domain.shortage.table import Address, ShortageTable
from services.talent.service.privacy.withdrawing import Withdrawing
from services.talent.service.shortage.counting.live import Live
from services.talent.service.shortage.counting.publishing import Publisher
from services.talent.service.shortage.releases import Releases
from services.talent.service.shortage.shortage import ShortageMap
from services.talent.store.counts import published
from services.talent.store.schema import shared
from tests.integration.talent.installed import Talent
from tests.integration.talent.test_coverage import begin
from tests.integration.talent.test_live_counts import person_facts

HERE = Address("seawater-h2", "nantong", "outstanding-engineer")
TODAY = date(2026, 7, 1)


@pytest.fixture
def publisher(talent: Talent) -> Publisher:
    return Publisher(talent.database, talent.counter.live, talent.clock)


def shown(talent: Talent, day: date) -> ShortageTable | None:
    """The public edition of a day, as another process reads it."""
    with talent.database.read() as session:
        return ShortageMap(talent.counter).public(session, day)


def people(table: ShortageTable | None) -> float:
    assert table is not None
    return float(table.cube.persons[table.at(HERE)])


def next_day(talent: Talent) -> date:
    talent.pass_days(1)
    assert talent.ticker.turn()
    return talent.frame().state.day


def withdraw(talent: Talent, id_: str) -> None:
    with talent.database.write() as session:
        Withdrawing(talent.people).withdraw(session, session.get_one(Person, id_), "本人撤回", "tester")


def test_it_stands_until_the_day_has_turned_and_past_days_stay(talent: Talent, publisher: Publisher) -> None:
    talent.ticker.turn()
    assert shown(talent, TODAY) is None
    assert not publisher.has_published()
    ids = begin(talent, "registry", 14)
    assert publisher.publish()
    assert not publisher.publish()
    withdraw(talent, ids[0])
    assert talent.frame().cube.persons[talent.frame().table.at(HERE)] == 13
    assert not publisher.publish()
    assert people(shown(talent, TODAY)) == 14
    tomorrow = next_day(talent)
    assert people(shown(talent, tomorrow)) == 14
    assert publisher.publish()
    assert (people(shown(talent, tomorrow)), people(shown(talent, TODAY))) == (13, 14)
    assert shown(talent, TODAY - timedelta(days=1)) is None
    with talent.database.read() as session:
        assert ShortageMap(talent.counter).public_since(session) == TODAY


def test_a_library_that_is_being_filled_need_not_wait(talent: Talent, publisher: Publisher) -> None:
    talent.ticker.turn()
    assert publisher.publish()
    begin(talent, "registry", 12)
    assert publisher.publish()
    begin(talent, "survey", 12)
    assert not publisher.publish(), "twice as much is not more than twice"
    begin(talent, "census", 1)
    assert publisher.publish()
    assert people(shown(talent, TODAY)) == 25


def test_one_person_less_is_not_told_by_what_was_shown_the_day_before(
    talent: Talent, publisher: Publisher
) -> None:
    """Ten people are shown, then nine are hidden; what stands beside them was shown too and hides nothing."""
    ids = begin(talent, "registry", 10)
    talent.ticker.turn()
    publisher.publish()
    before = shown(talent, TODAY)
    assert before is not None
    assert not before.is_hidden(before.at(HERE))
    withdraw(talent, ids[0])
    day = next_day(talent)
    assert publisher.publish()
    after = shown(talent, day)
    assert after is not None
    assert after.is_hidden(after.at(HERE))
    changed = before.cube.persons != after.cube.persons
    assert (after.pattern.hidden >= (changed & (after.cube.persons > 0) & (after.cube.persons < 10))).all()
    for address in (Address("hydrogen", "nantong", HERE.category), Address(HERE.node, "all", HERE.category)):
        assert after.is_hidden(after.at(address)), "a total that moved with it would tell"


def test_two_processes_make_one_state(talent: Talent, publisher: Publisher) -> None:
    begin(talent, "registry", 3)
    talent.ticker.turn()
    other = Publisher(talent.database, talent.counter.live, talent.clock)
    assert [publisher.publish(), other.publish()] == [True, False]
    with talent.database.read() as session:
        known = published.last(session)
        assert known is not None
        assert (known.number, published.read(session, 2)) == (1, None)
        axes, values = published.read(session, 1)  # type: ignore[misc]
    assert axes == Axes.of_document(talent.counter.axes.document())
    table = shown(talent, TODAY)
    assert table is not None
    assert table.edition is Edition.PUBLIC
    assert np.array_equal(table.pattern.hidden, values["hidden"] != 0)


def test_what_takes_long_to_find_is_held_back_from_live_answers_too(
    talent: Talent, publisher: Publisher
) -> None:
    """As if every part were large: cells that only the audit of the day finds stay hidden until the next one."""
    live, axes = talent.counter.live, talent.counter.axes
    live.patterns = Patterns(freedom=Freedom(limit=4))
    spread(talent, 24)
    talent.ticker.turn()
    assert publisher.publish()
    before = talent.frame().table.pattern.hidden
    next_day(talent)
    quick = talent.frame().table.pattern.hidden
    assert (quick == before).all()
    assert publisher.publish()
    held = talent.frame().table
    assert (held.pattern.hidden > quick).sum() == 40
    begin(talent, "registry", 1)
    assert (talent.frame().table.pattern.hidden >= (held.pattern.hidden & ~quick)).all()
    other = Live(axes, talent.counter.method, Patterns(freedom=Freedom(limit=4)))
    with talent.database.read() as session:
        again = other.follow(session)
    assert again is not None
    assert (again.table.pattern.hidden == talent.frame().table.pattern.hidden).all()
    public = shown(talent, talent.frame().state.day)
    assert public is not None
    assert (public.pattern.hidden >= held.pattern.hidden).all()


def test_a_public_release_and_the_states_around_it_are_made_beside_each_other(talent: Talent) -> None:
    """What either of them shows of a cell that has not changed, who compares them knows."""
    live = talent.counter.live
    publisher = Publisher(talent.database, live, talent.clock, patient=live.patterns)
    spread(talent, 8)
    talent.ticker.turn()
    talent.pass_days((date(2026, 9, 30) - TODAY).days)
    assert talent.ticker.turn()
    assert publisher.publish()
    next_day(talent)
    ids = TimeOrderedIds(talent.clock)
    journal = Journal(shared.history, shared.outbox, "/bole/talent", ids, talent.clock)
    releases = Releases(ShortageMap(talent.counter), load(), journal, talent.clock, ids)
    with talent.database.write() as session:
        made = releases.keep(session, releases.draft(session, "2026Q3", Edition.PUBLIC, "ann"))
    assert publisher.publish()
    with talent.database.read() as session:
        release = publisher.released.newest(session, talent.counter.axes)
    assert release is not None
    lines = live.patterns.lines_of(talent.counter.axes)
    small = Rules().small_supply(release.cube, Edition.PUBLIC).ravel()
    assert small.any()
    for day in (made.as_of, talent.frame().state.day):
        other = shown(talent, day)
        assert other is not None
        assert np.array_equal(other.cube.persons, release.cube.persons)
        left = other.pattern.hidden.ravel() & release.hidden.ravel()
        assert (left >= small).all()
        assert not (recoverable(lines, left) & small).any()


def spread(talent: Talent, count: int) -> None:
    """People of three cities and categories, of whom no number is confined to one value and many to a few."""
    random, axes = np.random.default_rng(9), talent.counter.axes
    cities, kinds = random.integers(0, 3, count), random.integers(0, 3, count)
    with talent.database.write() as session:
        for number, (city, kind) in enumerate(zip(cities, kinds, strict=True)):
            facts = person_facts(f"S-{number}", city=axes.cities[city], category=axes.categories[kind])
            talent.people.register(session, facts, "SYNTHETIC", "tester")
