"""A library moved from SQLite to PostgreSQL is the same library, and goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from services.chassis.db import Database, open_engine
from services.chassis.log import Record, TopicPolicy
from services.chassis.moving import move_records, move_rows
from services.chassis.sql_log import SqlLog
from services.kernel.errors import FailedPrecondition
from services.talent.app import BLUEPRINT
from services.talent.store.schema import metadata, shared
from tests.integration.talent.installed import Talent
from tests.integration.talent.library import Library
from tests.integration.templates import Templates

TOPIC = "bole.persons.v1"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqlLog]:
    """A log whose offsets have a gap: 0 and 1 are gone with the one whom they told of."""
    opened = SqlLog(tmp_path / "log.db")
    opened.ensure_topics({TOPIC: TopicPolicy.COMPACT})
    opened.append(
        [Record(TOPIC, "a", b"1"), Record(TOPIC, "a", b"2"), Record(TOPIC, "b", b"3", {"ce_id": "x"})]
    )
    opened.append([Record(TOPIC, "a", None), Record(TOPIC, "c", b"4")])
    yield opened
    opened.close()


@pytest.fixture
def target(postgres_url: str, templates: Templates) -> Iterator[Database]:
    """PostgreSQL with the tables and nothing in them."""
    database = Database(open_engine(postgres_url, pool_size=4))
    templates.fill(database, BLUEPRINT)
    yield database
    database.close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_rows_are_the_same_and_new_ones_are_numbered_after_them(
    library: Library, target: Database, log: SqlLog
) -> None:
    ids = [library.register(ref=f"P-{at}", name=f"张'{at}\\", works=(f"氢 {at}",)) for at in range(3)]
    place = {
        "feed": "test",
        "topic": TOPIC,
        "next_offset": 3,
        "attempts": 0,
        "updated_at": library.clock.now(),
    }
    with library.database.write() as session:
        session.execute(insert(shared.feed.offsets).values(place))
        written = {"topic": TOPIC, "next_offset": 5, "updated_at": library.clock.now(), "log_id": "embedded"}
        session.execute(insert(shared.feed.places).values(written))
    moved = move_rows(library.database, target, metadata, shared.feed, log)
    assert moved.count > 3
    with target.read() as session:
        assert session.scalar(select(shared.feed.offsets.c.next_offset)) == 1
        end = select(shared.feed.places.c.next_offset, shared.feed.places.c.log_id)
        assert session.execute(end).one() == (3, None)
    there = Library(Talent.over(target, library.clock))
    assert [there.shown(id_) for id_ in ids] == [library.shown(id_) for id_ in ids]
    assert there.get(there.register(ref="P-9")).ref == "P-9"
    with pytest.raises(FailedPrecondition) as caught:
        move_rows(library.database, target, metadata, shared.feed, log)
    assert caught.value.reason == "TARGET_NOT_EMPTY"


def test_records_are_the_same_in_order_and_without_gaps(log: SqlLog, tmp_path: Path) -> None:
    fresh = SqlLog(tmp_path / "fresh.db")
    fresh.ensure_topics({TOPIC: TopicPolicy.RETAIN_30_DAYS, "bole.keys.v1": TopicPolicy.COMPACT})
    moved = move_records(log, fresh, [TOPIC, "bole.keys.v1"])
    found = fresh.read(TOPIC, 0, 10)
    assert [(each.offset, each.key, each.value) for each in found] == [
        (0, "b", b"3"),
        (1, "a", None),
        (2, "c", b"4"),
    ]
    assert found[0].headers == {"ce_id": "x"}
    assert moved.count == 3
    with pytest.raises(FailedPrecondition):
        move_records(log, fresh, [TOPIC])
    fresh.close()
