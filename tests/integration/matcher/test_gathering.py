"""What a batch of the feed leaves behind does not depend on how the log is cut into batches."""

import random
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Table, select

from services.chassis.house import House
from services.chassis.log.log import Log, Record, open_log
from services.chassis.log.topics import KEYS, PERSONS
from services.chassis.storage.db import Database, open_engine
from services.matcher.app import BLUEPRINT
from services.matcher.store.schema import item, parked_person, subject_key
from tests.integration.matcher.installed import TEXTS, Matcher, make_house, prepare
from tests.integration.matcher.producing import Producer
from tests.integration.templates import Templates

_PEOPLE = [f"p{number}" for number in range(6)]


@pytest.fixture
def house(tmp_path: Path, templates: Templates) -> House:
    return _house(tmp_path, "one", templates, prepare(open_log(f"sqlite:///{tmp_path}/log.db")))


def test_batches_of_any_size_leave_the_same(
    house: House, tmp_path: Path, templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    producer = Producer(house.log, house.settings.keys_dir, house.clock)
    _say(producer, random.Random(104))
    whole = Matcher.over(house)
    whole.read()
    monkeypatch.setattr("services.matcher.feed._BATCH", 1)
    single = Matcher.over(_house(tmp_path, "single", templates, house.log))
    single.read()
    monkeypatch.setattr("services.matcher.feed._BATCH", 40)
    monkeypatch.setattr("services.matcher.feed._MANY", 10)
    monkeypatch.setattr("services.matcher.feed._FLOOD", 10)
    monkeypatch.setattr("services.matcher.beforehand.Beside", _Beside)
    monkeypatch.setattr("services.matcher.beforehand.at_once", lambda: 2)
    opened = Matcher.over(_house(tmp_path, "opened", templates, house.log))
    opened.read()
    assert _Beside.answered > 1
    assert whole.feed.buried == single.feed.buried == opened.feed.buried == 4
    assert _left(whole) == _left(single) == _left(opened)
    assert {row.id for row in _left(whole)["item"]} >= set(_PEOPLE[2:])
    for each in (whole, single, opened):
        each.end()
        each.house.database.close()
    house.log.close()


class _Beside:
    """A process beside this one without the process; what goes to it and comes from it is handed over all the same."""

    answered = 0

    def __init__(self, here: Callable[[Any], Any], *_terms: object, after: int) -> None:
        self._here, self._after = here, after

    def is_ready(self) -> bool:
        return True

    def submit(self, job: Any) -> None:
        self._job = deepcopy(job)

    def is_answered(self) -> bool:
        return _Beside.answered % 2 == 0

    def answer(self) -> Any:
        _Beside.answered += 1
        return deepcopy(self._here(self._job))

    def close(self) -> None:
        pass


def _house(directory: Path, name: str, templates: Templates, log: Log) -> House:
    """One of the matchers that follow the same log."""
    database = Database(open_engine(f"sqlite:///{directory}/{name}.db", pool_size=4, busy_seconds=120))
    templates.fill(database, BLUEPRINT)
    return make_house(directory, database, log)


def _say(producer: Producer, draw: random.Random) -> None:
    """People come, change, are repeated, and are erased; two records are of no use."""
    for number in range(120):
        id_ = draw.choice(_PEOPLE)
        producer.person(id_, draw.choice(TEXTS), city=draw.choice(("suzhou", "nanjing")))
        if number % 9 == 0:
            producer.firm(f"f{number}", draw.choice(TEXTS))
        if number % 40 == 17:
            producer.log.append([Record(PERSONS.name, id_, b"\xff", {})])
        if number % 25 == 24:
            _repeat(producer, draw)
    producer.erase(_PEOPLE[0])
    producer.say(KEYS, _PEOPLE[1], None, version=2)
    state = producer.person_state(_PEOPLE[2], TEXTS[0], code="no-such-direction", city="suzhou")
    producer.say(PERSONS, _PEOPLE[2], state)


def _repeat(producer: Producer, draw: random.Random) -> None:
    """An earlier record comes once more."""
    waiting = producer.log.read(PERSONS.name, 0, 1_000)
    again = draw.choice([each for each in waiting if each.headers])
    producer.log.append([Record(again.topic, again.key, again.value, again.headers)])


def _said(table: Table) -> list[Column[Any]]:
    """All but the number of the change, which counts transactions."""
    return [column for column in table.c if column.name != "change"]


def _left(matcher: Matcher) -> dict[str, list[Any]]:
    tables = (item, parked_person, subject_key)
    with matcher.house.database.read() as session:
        return {
            table.name: list(session.execute(select(*_said(table)).order_by(*table.primary_key)))
            for table in tables
        }
