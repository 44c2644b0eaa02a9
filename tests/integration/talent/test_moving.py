"""A library moved from SQLite to PostgreSQL is the same library, and goes on."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, event, insert, select

from services.chassis.fail_points import EXIT_KILLED
from services.chassis.log.log import Record, TopicPolicy, open_log
from services.chassis.log.sql_log import SqlLog
from services.chassis.process.moving import Sum, move_records, move_rows
from services.chassis.storage.db import Database, open_engine
from services.kernel.errors import FailedPrecondition
from services.talent.app import BLUEPRINT
from services.talent.store.schema import metadata, shared
from tests.integration.talent.installed import Talent
from tests.integration.talent.library import Library
from tests.integration.templates import Templates
from tests.servers.dying import dies_at

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


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_source_that_is_written_to_while_it_is_moved_is_noticed(
    library: Library, target: Database, log: SqlLog
) -> None:
    ids = [library.register(ref="P-0")]

    def writes(_connection: Connection) -> None:
        if len(ids) == 1:
            ids.append(library.register(ref="P-1"))

    event.listen(target.engine, "begin", writes)  # the source has been summed up by then
    with pytest.raises(FailedPrecondition, match=r"person.*stop them") as caught:
        move_rows(library.database, target, metadata, shared.feed, log)
    assert caught.value.reason == "SOURCE_WRITTEN"
    assert len(ids) == 2
    move_rows(library.database, target, metadata, shared.feed, log)
    there = Library(Talent.over(target, library.clock))
    assert [there.shown(id_) for id_ in ids] == [library.shown(id_) for id_ in ids]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("point", ["move.before_commit", "move.after_commit"])
def test_a_move_of_rows_that_died_is_gone_on_with(
    library: Library, target: Database, log: SqlLog, point: str
) -> None:
    ids = [library.register(ref=f"P-{at}", name=f"张{at}") for at in range(3)]
    from_, to = (each.engine.url.render_as_string(hide_password=False) for each in (library.database, target))

    def move() -> None:
        with closing(Database(open_engine(from_))) as source, closing(Database(open_engine(to))) as filled:
            move_rows(source, filled, metadata, shared.feed, log)

    assert dies_at(f"{point}:1", move) == EXIT_KILLED
    there = Library(Talent.over(target, library.clock))
    if point == "move.after_commit":
        assert [there.shown(id_) for id_ in ids] == [library.shown(id_) for id_ in ids]
    else:
        assert dies_at(f"{point}:1", move) == EXIT_KILLED
    moved = move_rows(library.database, target, metadata, shared.feed, log)
    assert [there.shown(id_) for id_ in ids] == [library.shown(id_) for id_ in ids]
    assert move_rows(library.database, target, metadata, shared.feed, log) == moved


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
    assert move_records(log, fresh, [TOPIC, "bole.keys.v1"]) == moved
    fresh.append([Record(TOPIC, "d", b"5")])
    with pytest.raises(FailedPrecondition):
        move_records(log, fresh, [TOPIC])
    fresh.close()


@pytest.mark.parametrize("broker", ["embedded", "kafka"])
def test_a_move_of_records_that_died_is_gone_on_with(
    log: SqlLog, tmp_path: Path, broker: str, request: pytest.FixtureRequest
) -> None:
    topic = f"bole.persons.v1.{uuid4().hex[:8]}"
    log.ensure_topics({topic: TopicPolicy.RETAIN_30_DAYS})
    for start in range(0, 1_200, 300):
        log.append([Record(topic, f"k{at}", str(at).encode()) for at in range(start, start + 300)])
    url = (
        str(request.getfixturevalue("kafka").url)
        if broker == "kafka"
        else f"sqlite:///{tmp_path / 'fresh.db'}"
    )

    def move() -> Sum:
        with closing(open_log(url)) as target:
            target.ensure_topics({topic: TopicPolicy.RETAIN_30_DAYS})
            return move_records(log, target, [topic])

    assert dies_at("move.after_append:1", move) == EXIT_KILLED
    assert dies_at("move.after_append:1", move) == EXIT_KILLED
    with closing(open_log(url)) as target:
        assert 0 < target.end(topic) < 1_200
    assert move().count == 1_200
    with closing(open_log(url)) as target:
        assert target.end(topic) == 1_200


def test_a_topic_that_holds_something_else_is_left_alone(log: SqlLog, tmp_path: Path) -> None:
    with closing(SqlLog(tmp_path / "fresh.db")) as fresh:
        fresh.ensure_topics({TOPIC: TopicPolicy.RETAIN_30_DAYS})
        fresh.append([Record(TOPIC, "b", b"another")])
        with pytest.raises(FailedPrecondition) as caught:
            move_records(log, fresh, [TOPIC])
        assert caught.value.reason == "TARGET_NOT_EMPTY"
        assert fresh.end(TOPIC) == 1
