"""Decades of birth: read from the log for the report on fairness, and in no row of the matcher."""

import json
import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import String, select, text, type_coerce

from bole.talent.v1 import person_pb2
from services.chassis.house import House
from services.chassis.log.topics import PERSONS
from services.kernel.clock import ManualClock
from services.matcher.domain.item import ItemKind
from services.matcher.service import clearing, cohorts
from services.matcher.service.clearing import Clearing
from services.matcher.store import items
from services.matcher.store.schema import item, metadata
from tests.integration.matcher.installed import TEXTS, Matcher, check, cohorts_of, load_some
from tests.integration.matcher.producing import Producer

DECADES = re.compile(r"(?<![0-9A-Za-z])19[358]0s?(?![0-9A-Za-z])")
_FACTS = type_coerce(item.c.facts, String)


def in_clear(house: House) -> list[str]:
    """Rows that hold a decade."""
    with house.database.read() as session:
        rows = [repr(row) for table in metadata.sorted_tables for row in session.execute(select(table))]
    return [row for row in rows if DECADES.search(row)]


def fill(house: House, id_: str, decade: str) -> None:
    """What the program before has written of somebody."""
    with house.database.write() as session:
        (facts,) = session.execute(select(_FACTS).where(item.c.id == id_)).one()
        held = json.dumps({**json.loads(facts), "cohort": decade}, separators=(",", ":"), ensure_ascii=False)
        session.execute(text("UPDATE item SET facts = :facts WHERE id = :id"), {"facts": held, "id": id_})


@pytest.mark.parametrize("page", [1, 500])
def test_the_last_word_counts_and_whoever_is_erased_has_none(
    house: House, matcher: Matcher, producer: Producer, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(cohorts, "PAGE", page)
    for id_, decade in (("told", 1950), ("silent", 0), ("moved", 1930), ("erased", 1980), ("quiet", 1980)):
        producer.person(id_, TEXTS[0], decade=decade)
    producer.person("moved", TEXTS[0], decade=1950)
    producer.person("quiet", TEXTS[0], decade=0)  # allows no statistics any more
    matcher.follow()
    assert cohorts_of(house).read() == {"told": "1950s", "moved": "1950s", "erased": "1980s"}
    producer.erase("erased")
    matcher.follow()
    assert cohorts_of(house).read() == {"told": "1950s", "moved": "1950s"}
    assert not in_clear(house)


def test_what_cannot_be_opened_tells_nothing_and_stops_nothing(
    house: House, matcher: Matcher, producer: Producer
) -> None:
    for id_ in ("p0", "p1", "p2"):
        producer.person(id_, TEXTS[0], decade=1950)
    matcher.follow()
    producer.put(PERSONS, "p0", b"\xff\xff", version=9)
    producer.keys["p1"] = producer.keys["p2"]  # of somebody else
    producer.person("p1", TEXTS[0], decade=1950)
    producer.new_key("unknown")
    producer.say(PERSONS, "unknown", producer.person_state("unknown", TEXTS[0], code="sic", city="suzhou"))
    assert cohorts_of(house).read() == {"p2": "1950s"}


def test_when_somebody_was_born_is_not_known_of_anybody(
    house: House, matcher: Matcher, producer: Producer
) -> None:
    producer.person("p", TEXTS[0], decade=1930)
    matcher.follow()
    with house.database.read() as session:
        old = items.known(session, ItemKind.PERSON, "p")
    producer.person("p", TEXTS[0], decade=1980)
    matcher.follow()
    with house.database.read() as session:
        young = items.known(session, ItemKind.PERSON, "p")
    assert old is not None
    assert young is not None
    old.version = young.version
    assert old == young
    assert not in_clear(house)


def test_what_the_program_before_has_written_goes_and_no_list_follows(
    house: House, matcher: Matcher, producer: Producer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "PORTION", 2)
    load_some(producer)
    matcher.follow()
    with house.database.read() as session:
        ids = session.scalars(select(item.c.id).where(item.c.kind == "person").order_by(item.c.id)).all()
        before = session.execute(select(item).order_by(item.c.kind, item.c.id)).all()
    for id_ in ids[:5]:
        fill(house, id_, "1930s")
    assert len(in_clear(house)) == 5
    lists, told = matcher.lists(), len(matcher.events())
    level, clock = threading.Event(), ManualClock(house.clock.now())
    at_work = Clearing(house.database, clock, level)
    assert at_work.look() == 0  # somebody else may still write
    level.set()
    assert at_work.look() == 5
    assert not in_clear(house)
    with house.database.read() as session:
        assert session.execute(select(item).order_by(item.c.kind, item.c.id)).all() == before
    fill(house, ids[0], "1930s")
    assert at_work.look() == 0  # once a day
    clock.advance(timedelta(days=1))
    assert at_work.look() == 1
    matcher.follow()
    assert (matcher.lists(), len(matcher.events())) == (lists, told)
    producer.person(ids[0], TEXTS[1], city="nantong", purposes=[person_pb2.CONSENT_PURPOSE_MATCH_POSITION])
    matcher.follow()
    check(matcher)
    matcher.end()


def test_a_matcher_begins_with_what_the_program_before_has_written(
    house: House, matcher: Matcher, producer: Producer
) -> None:
    load_some(producer)
    matcher.follow()
    fill(house, "p0", "1980s")
    lists = matcher.lists()
    matcher.end()
    successor = Matcher.over(house)
    successor.follow()
    check(successor)
    assert successor.lists() == lists
    successor.end()
