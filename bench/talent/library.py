"""A library of any size, written by bulk statements: the very rows of people and positions, SYNTHETIC."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Engine, Table, text
from sqlalchemy.orm import Session

from services.catalogue import Catalogue, load
from services.chassis.storage.bulk import add_rows
from services.chassis.storage.db import Database, open_engine
from services.chassis.storage.migration import migrate
from services.kernel.clock import SystemClock
from services.sample import names, weights
from services.sample.draws import Weighted
from services.talent.app import BLUEPRINT
from services.talent.domain.axes import Axes
from services.talent.domain.people.availability import Availability
from services.talent.domain.people.person import PersonStatus, Purpose
from services.talent.domain.position import PositionStatus
from services.talent.domain.shortage.method import Method
from services.talent.service.shortage.counting import count_once
from services.talent.store import schema
from services.talent.store.findable import PEOPLE_BY_WORDS, person_words
from services.talent.store.mapping import map_aggregates
from services.talent.store.repository import direction_rows

_PORTION = 20_000
_PLAIN: dict[str, Any] = dict.fromkeys(("other_names", "affiliations", "work_items"), ())
_EMPLOYERS_EVERY = 20  # positions per employer
_TEXT = "长期从事相关技术研究与工程化，主持或参与研制关键装备，熟悉设计、验证与量产导入，成果用于示范项目。"
_AVAILABILITY = Weighted.of(
    {Availability.NOW: 8, Availability.HALF_YEAR: 18, Availability.FLEXIBLE: 20, Availability.SETTLED: 54}
)
_HEADS = Weighted.of({1: 24, 2: 24, 3: 18, 5: 14, 8: 10, 12: 6, 20: 4})
_SPLITS = (1000, 1000, 600, 700, 500)


@contextmanager
def filled(
    url: str, today: date, people: int, positions: int, seed: int, *, findable: bool = False
) -> Iterator[Database]:
    """A migrated database that `fill` has filled and whose map is counted; `findable`: people by their words too."""
    database, catalogue = Database(open_engine(url)), load()
    try:
        map_aggregates()
        migrate(database.engine, BLUEPRINT.migrations, BLUEPRINT.name)
        fill(database, catalogue, today, people, positions, seed)
        if findable:
            _index(database, catalogue, _Draw(catalogue, today, random.Random(seed)), people)
        axes = Axes.of_catalogue(catalogue)
        count_once(database, axes, Method(), catalogue.version, SystemClock()).ticker.turn()
        yield database
    finally:
        database.close()


def fill(
    database: Database, catalogue: Catalogue, today: date, people: int, positions: int, seed: int
) -> None:
    """Write so many people and positions, spread over industries, cities and categories as the sample is."""
    draw = _Draw(catalogue, today, random.Random(seed))
    with database.write() as session:
        _write(session, schema.person, (draw.person(number) for number in range(people)))
        _write(session, schema.position, (draw.position(number, positions) for number in range(positions)))
    _analyse(database.engine)


def _write(session: Session, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    first = next(rows)
    add_rows(session, table, tuple(first), (tuple(row.values()) for row in chain((first,), rows)))


def _index(database: Database, catalogue: Catalogue, draw: "_Draw", people: int) -> None:
    """What makes the same people findable, as the service writes it."""
    with database.write() as session:
        drawn = (draw.person(number) for number in range(people))
        while portion := list(islice(drawn, _PORTION)):
            PEOPLE_BY_WORDS.add(session, (person_words(_found(row)) for row in portion))
            codes = {row["id"]: [code for code, _ in row["direction_shares"]] for row in portion}
            columns = ("person_id", "code", "is_industry")
            add_rows(session, schema.person_direction, columns, direction_rows(codes, catalogue))
    _analyse(database.engine)


def _found(row: dict[str, Any]) -> Any:
    return SimpleNamespace(**_PLAIN, **row)


def _analyse(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"))


class _Draw:
    def __init__(self, catalogue: Catalogue, today: date, chance: random.Random) -> None:
        self._chance = chance
        self._today = today
        self._now = datetime(today.year, today.month, today.day, tzinfo=UTC)
        self._leaves = {
            each.id: [leaf.code for leaf in catalogue.leaves_of(each.id)] for each in catalogue.industries
        }
        self._industries, self._cities = (
            tuple(Weighted.of({key: each[side] for key, each in table.items()}) for side in (0, 1))
            for table in (weights.INDUSTRY, weights.CITY)
        )
        self._kinds = tuple(
            Weighted.of({key: each[side] for key, each in weights.CATEGORY.items()}) for side in (0, 1)
        )

    def person(self, number: int) -> dict[str, Any]:
        chance = self._chance
        leaves = self._leaves[self._industries[0].draw(chance)]
        split = chance.choice(_SPLITS)
        shares = [(chance.choice(leaves), split)]
        other = chance.choice(leaves)
        if split < 1000 and other != shares[0][0]:
            shares.append((other, 1000 - split))
        else:
            shares = [(shares[0][0], 1000)]
        return {
            "id": f"p{number:09d}",
            "ref": f"P-{number}",
            "name": names.person_name(chance),
            "category": self._kinds[0].draw(chance),
            "city": self._cities[0].draw(chance),
            "mobility": (),
            "availability": _AVAILABILITY.draw(chance),
            "direction_shares": tuple(shares),
            "employer": f"未来产业研究院{number % 5000}",
            "title": "高级工程师",
            "profile": _TEXT * 2,
            "works": (_TEXT,),
            "observed": self._today - timedelta(days=int(540 * chance.random() ** 2)),
            "purposes": frozenset(Purpose) if chance.random() < 0.96 else frozenset(),
            "status": PersonStatus.ACTIVE,
            "status_reason": "",
            "origin": "SYNTHETIC",
            "version": 1,
            "created_at": self._now,
            "updated_at": self._now,
        }

    def position(self, number: int, positions: int) -> dict[str, Any]:
        chance = self._chance
        heads = _HEADS.draw(chance)
        opened = self._today - timedelta(days=int(730 * chance.random() ** 1.3))
        closed = opened + timedelta(days=10 + int(chance.expovariate(1 / 150)))
        ended = closed <= self._today
        filled = heads if ended else chance.randrange(heads) if chance.random() < 0.3 else 0
        employer = chance.randrange(max(1, positions // _EMPLOYERS_EVERY))
        place = random.Random(employer)
        return {
            "id": f"j{number:09d}",
            "ref": f"J-{number}",
            "title": "工艺工程师",
            "employer": f"江苏未来科技有限公司{employer}",
            "employer_code": "",
            "city": self._cities[1].draw(place),
            "leaf": chance.choice(self._leaves[self._industries[1].draw(place)]),
            "category": self._kinds[1].draw(chance),
            "headcount": heads,
            "filled": filled,
            "fills": ((min(opened + timedelta(days=9), self._today), filled),) if filled else (),
            "opened": opened,
            "renewed": opened,
            "closed": closed if ended else None,
            "requirement": _TEXT * 2,
            "status": PositionStatus.CLOSED if ended else PositionStatus.OPEN,
            "status_reason": "",
            "duplicate_of": None,
            "same_key": f"{number:032x}",
            "origin": "SYNTHETIC",
            "version": 1,
            "created_at": self._now,
            "updated_at": self._now,
        }
