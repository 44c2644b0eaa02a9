"""The budget of people, on both engines: a scraper stays under it, and whoever works within it notices nothing."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import inf

import pytest
from sqlalchemy import select

from bole.talent.v1 import library_service_pb2
from services.chassis.identity.identity import Grant, Kind, Principal
from services.chassis.people_budget import PARTS, PeopleBudget, define_budget
from services.chassis.policy import clearance
from services.chassis.rpc.call import Call
from services.chassis.storage.columns import new_metadata
from services.chassis.storage.db import Database
from services.chassis.telemetry.trace import start
from services.funding.store.schema import shared as funding
from services.kernel.errors import ResourceExhausted
from services.matcher.store.schema import shared as matcher
from services.talent.store.schema import shared as talent

METADATA = new_metadata()
SHARED = {"talent": talent, "funding": funding, "matcher": matcher}
BUDGET = PeopleBudget(define_budget(METADATA, part=PARTS["talent"]), total=17)
EVENING = datetime(2026, 7, 1, 15, 59, tzinfo=UTC)
LIBRARY = library_service_pb2.DESCRIPTOR.services_by_name["LibraryService"].full_name


@pytest.fixture
def opened(database: Database) -> Database:
    METADATA.create_all(database.engine)
    return database


def call(actor: str = "li", method: str = "GetPerson", at: datetime = EVENING, kind: Kind = "staff") -> Call:
    principal = Principal(actor, kind, (Grant("talent_officer"),))
    cleared = clearance(principal, None, at)
    return Call(principal, cleared, None, "r", start(), f"{LIBRARY}.{method}", "", at, inf)


def show(database: Database, ids: Sequence[str], of: Call | None = None, *, done: bool = False) -> bool:
    """Whether a call is shown these people."""
    try:
        with database.write() as session:
            BUDGET.spend(session, of or call(), ids, done=done)
    except ResourceExhausted as error:
        return error.reason != "PEOPLE_BUDGET"
    return True


def people(first: int, last: int) -> list[str]:
    return [f"p{number:03d}" for number in range(first, last)]


def test_a_scraper_is_shown_no_more_than_its_budget(opened: Database) -> None:
    got = {id_ for id_ in people(0, 50) if show(opened, [id_])}
    assert len(got) == BUDGET.limit
    assert all(show(opened, [id_]) for id_ in got)
    assert show(opened, people(0, 50), call("wang")) is False
    assert show(opened, people(0, 10), call("wang"))


def test_what_is_refused_says_how_many_are_left_and_when_it_begins_anew(opened: Database) -> None:
    assert show(opened, people(0, 7))
    with pytest.raises(ResourceExhausted) as caught, opened.write() as session:
        BUDGET.spend(session, call(), people(0, 11))
    assert caught.value.metadata == {"left": "3", "retry_after_ms": "60000"}
    assert "7月02日00:00" in caught.value.text.zh.replace("07月", "7月")
    assert show(opened, people(0, 10))


def test_a_new_day_begins_it_anew_and_forgets_the_old_one(opened: Database) -> None:
    tomorrow = call(at=EVENING + timedelta(minutes=1))
    assert show(opened, people(0, 10))
    assert show(opened, people(20, 30), tomorrow)
    assert not show(opened, people(30, 31), tomorrow)
    assert not show(opened, people(31, 32))  # what began before midnight counts to the day that runs
    seen = BUDGET.tables.seen
    with opened.read() as session:
        assert sorted(session.scalars(select(seen.c.id))) == people(20, 30)


def test_whom_others_were_shown_is_forgotten_with_the_day_too(opened: Database) -> None:
    assert show(opened, people(0, 3))
    assert show(opened, people(0, 3), call("wang"))
    assert show(opened, people(5, 6), call(at=EVENING + timedelta(days=1)))
    seen = BUDGET.tables.seen
    with opened.read() as session:
        assert session.execute(select(seen.c.actor, seen.c.id)).all() == [("li", "p005")]
    assert not show(opened, people(3, 11), call("wang"))  # of the day before, how many it were still counts


def test_many_at_once_get_no_more(opened: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        shown = list(pool.map(lambda id_: show(opened, [id_]), people(0, 40)))
    assert sum(shown) == BUDGET.limit


def test_a_change_is_refused_before_it_is_made_and_its_answer_never(opened: Database) -> None:
    change = call(method="UpdatePerson")
    for reading in (call(), change):
        with opened.read() as session:
            BUDGET.require(session, reading)
    assert show(opened, people(0, 10))
    assert show(opened, people(10, 12), change, done=True)
    with pytest.raises(ResourceExhausted), opened.read() as session:
        BUDGET.require(session, change)


def test_all_services_together_show_no_more_than_the_budget() -> None:
    tables = [replace(BUDGET.tables, part=part) for part in PARTS.values()]
    for total in (1, 17, 5_000):
        assert total - len(PARTS) < sum(PeopleBudget(each, total).limit for each in tables) <= total
    assert {name: tables.budget.part for name, tables in SHARED.items()} == PARTS


def test_other_services_have_no_budget(opened: Database) -> None:
    matcher = call("matcher", kind="service")
    assert show(opened, people(0, 100), matcher)
    with opened.read() as session:
        BUDGET.require(session, matcher)
        assert session.execute(select(BUDGET.tables.count)).all() == []
