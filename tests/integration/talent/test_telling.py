"""What is told of the map and of watches, on both engines: once, with before and after, and nothing of hidden cells."""

from typing import Any

import pytest
from sqlalchemy import select

from bole.events.v1 import shortage_event_pb2
from bole.talent.v1 import shortage_pb2
from services.chassis.outbox.journal import Journal
from services.kernel.errors import InvalidArgument, NotFound, ResourceExhausted
from services.kernel.ids import TimeOrderedIds
from services.talent.domain.axes import ALL
from services.talent.domain.shortage import watch as rules
from services.talent.domain.shortage.table import Address
from services.talent.service.shortage.telling import Teller
from services.talent.service.shortage.watching import Watching
from services.talent.store import schema
from tests.integration.talent.installed import Talent
from tests.integration.talent.test_live_counts import person_facts, position_facts

CELL = Address("seawater-h2", "nantong", "outstanding-engineer")
KEY = "seawater-h2/nantong/outstanding-engineer"


@pytest.fixture
def journal(talent: Talent) -> Journal:
    shared = schema.shared
    return Journal(shared.history, shared.outbox, "/bole/talent", TimeOrderedIds(talent.clock), talent.clock)


@pytest.fixture
def teller(talent: Talent, journal: Journal) -> Teller:
    return Teller(talent.database, talent.counter.live, journal, talent.clock)


@pytest.fixture
def watching(talent: Talent, journal: Journal) -> Watching:
    return Watching(journal, talent.clock, TimeOrderedIds(talent.clock))


def enter(talent: Talent, people: int, first: int = 0) -> list[str]:
    with talent.database.write() as session:
        return [
            talent.people.register(session, person_facts(f"P-{n}"), "SYNTHETIC", "tester").id
            for n in range(first, first + people)
        ]


def want(talent: Talent, employers: int, first: int = 0, heads: int = 3) -> None:
    with talent.database.write() as session:
        for n in range(first, first + employers):
            facts = position_facts(f"J-{n}", employer=f"单位{n}", headcount=heads)
            talent.positions.publish(session, facts, "SYNTHETIC", "tester")


def told(talent: Talent, key: str, kind: Any = shortage_event_pb2.ShortageState) -> list[Any]:
    outbox = schema.shared.outbox
    query = select(outbox.c.payload).where(outbox.c.aggregateid == key).order_by(outbox.c.position)
    with talent.database.read() as session:
        return [payload and kind.FromString(payload) for payload in session.scalars(query)]


def test_a_change_is_told_once_with_before_and_after(talent: Talent, teller: Teller) -> None:
    enter(talent, 30)
    assert teller.tell() > 0
    assert teller.tell() == 0
    want(talent, 40)
    assert teller.tell() > 0
    first, second = told(talent, KEY)
    assert (first.version, first.HasField("before")) == (1, False)
    assert first.after.state == shortage_pb2.ShortageCell.STATE_NO_DEMAND
    assert (second.version, second.before) == (2, first.after)
    assert second.after.state == shortage_pb2.ShortageCell.STATE_ESTIMATED
    assert second.after.stars >= 3
    assert (
        second.scope
        == first.scope
        == shortage_pb2.ShortageScope(
            direction_code=CELL.node, city_code=CELL.city, category_code=CELL.category
        )
    )
    assert len(told(talent, f"hydrogen/{ALL}/{ALL}")) == 2
    assert told(talent, f"quantum/{ALL}/{ALL}") == []


def test_of_a_hidden_cell_only_the_band_is_told(talent: Talent, teller: Teller) -> None:
    enter(talent, 3)
    want(talent, 30)
    teller.tell()
    (event,) = told(talent, KEY)
    assert event.after.hidden
    assert event.after.stars in (0, 1, 3)
    want(talent, 10, first=30)
    teller.tell()
    assert len(told(talent, KEY)) == 1


def test_a_census_is_told_in_portions_by_whoever_is_there(
    talent: Talent, teller: Teller, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.talent.service.shortage.telling._PORTION", 3)
    enter(talent, 30)
    made = teller.tell()
    want(talent, 40)
    made += Teller(talent.database, talent.counter.live, journal, talent.clock).tell()
    outbox = schema.shared.outbox
    query = select(outbox.c.aggregateid).where(outbox.c.aggregatetype == "shortage")
    with talent.database.read() as session:
        told_of = list(session.scalars(query))
    assert len(told_of) == made > 6
    assert {told_of.count(key) for key in told_of} == {2}


def test_two_processes_tell_each_change_once(talent: Talent, teller: Teller, journal: Journal) -> None:
    other = Teller(talent.database, talent.counter.live, journal, talent.clock)
    enter(talent, 30)
    assert teller.tell() > 0
    assert other.tell() == 0
    want(talent, 40)
    assert other.tell() > 0
    assert teller.tell() == 0
    assert [event.version for event in told(talent, KEY)] == [1, 2]


def test_a_watch_is_told_on_crossing_and_again_only_when_clearly_left(
    talent: Talent, teller: Teller, watching: Watching
) -> None:
    people = enter(talent, 30)
    with talent.database.write() as session:
        id_ = watching.create(session, "li", CELL, 4, 80).id
    teller.tell()
    want(talent, 60, heads=10)
    teller.tell()
    teller.tell()
    events = told(talent, id_, shortage_event_pb2.ShortageWatchState)
    assert [event.watch.reached for event in events] == [False, True]
    assert events[1].owner == "li"
    assert events[1].watch.HasField("reach_time")
    want(talent, 1, first=60)
    teller.tell()
    assert len(told(talent, id_, shortage_event_pb2.ShortageWatchState)) == 2
    enter(talent, 700, first=len(people))
    teller.tell()
    events = told(talent, id_, shortage_event_pb2.ShortageWatchState)
    assert [event.watch.reached for event in events] == [False, True, False]
    assert [event.watch.HasField("leave_time") for event in events] == [False, False, True]
    assert events[2].watch.reach_time == events[1].watch.reach_time


def test_a_watch_belongs_to_who_made_it_and_ends_with_a_tombstone(talent: Talent, watching: Watching) -> None:
    with talent.database.write() as session:
        id_ = watching.create(session, "li", CELL, 4, 0).id
    with pytest.raises(NotFound), talent.database.write() as session:
        watching.delete(session, "wang", id_)
    with talent.database.write() as session:
        watching.delete(session, "li", id_)
    assert told(talent, id_) == [None]


def test_watches_are_refused_beyond_reason(
    talent: Talent, watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    with talent.database.write() as session:
        for percent in (49, 100, -1):
            with pytest.raises(InvalidArgument):
                watching.create(session, "li", CELL, 4, percent)
    monkeypatch.setattr("services.talent.service.shortage.watching.MOST_WATCHES", 1)
    with talent.database.write() as session:
        watching.create(session, "li", CELL, 4, 50)
        with pytest.raises(ResourceExhausted):
            watching.create(session, "li", CELL, 4, 50)
        watching.create(session, "wang", CELL, 5, rules.MOST_PERCENT)
