"""Many people of one name come at once: what is found of them is found in pieces, and is what one piece would find."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from services.chassis.feed.feed import Feed
from services.chassis.log.cloudevents import OutgoingEvent, make_headers
from services.chassis.log.log import Record, TopicPolicy
from services.chassis.log.sql_log import SqlLog
from services.chassis.log.topics import PERSONS
from services.talent.app import BLUEPRINT
from services.talent.feed.duplicates import TOPICS, DuplicateFeed
from services.talent.store import schema
from tests.integration.talent.installed import Talent
from tests.integration.talent.library import Library
from tests.integration.talent.merging import Duplicates, enter

PEOPLE, MOST_PAIRS = 24, 80


@pytest.fixture
def both(talent: Talent) -> Duplicates:
    return Duplicates(Library(talent))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqlLog]:
    log = SqlLog(tmp_path / "log.db")
    log.ensure_topics(dict.fromkeys(TOPICS, TopicPolicy.COMPACT))
    yield log
    log.close()


@dataclass(frozen=True)
class Watched(DuplicateFeed):
    """Notes how many suggestions were there at the end of each transaction."""

    grown: list[int] = field(default_factory=list)

    def finish(self, session: Session, level: bool) -> None:
        super().finish(session, level)
        self.grown.append(session.query(schema.duplicate_suggestion).count())


def test_people_of_one_name_are_compared_in_pieces_and_nothing_is_lost_or_doubled_between_them(
    both: Duplicates, log: SqlLog
) -> None:
    people = enter(both, *(f"N-{number}" for number in range(PEOPLE)), name="诸葛翎翙", phone="")
    both.refresh(*people)
    whole = both.suggested()
    assert len(whole) == PEOPLE * (PEOPLE - 1) // 2
    with both.library.database.write() as session:
        session.execute(schema.duplicate_suggestion.delete())
        session.execute(schema.duplicate_block.delete())
    log.append([_told(both, id_) for id_ in people])
    watched = Watched(both.finding, MOST_PAIRS)
    _feed(both, log, watched).step()  # too much at once: nothing of it is kept
    assert both.suggested() == {}
    while len(watched.grown) < 2 or not watched.grown[-1]:
        _feed(both, log, watched, batch=4).step()  # a process that ends after each piece, and the next one
    between = both.suggested()
    assert 0 < len(between) < len(whole)
    assert between.items() <= whole.items()
    last = _feed(both, log, watched)
    while last.lag():
        last.step()
    assert both.suggested() == whole
    grown = [after - before for before, after in zip(watched.grown, watched.grown[1:], strict=False)]
    assert max(grown) <= MOST_PAIRS


def _feed(both: Duplicates, log: SqlLog, handler: DuplicateFeed, batch: int = 500) -> Feed:
    library = both.library
    return Feed(
        "trial",
        library.database,
        log,
        TOPICS,
        handler,
        library.clock,
        tables=BLUEPRINT.tables.feed,
        batch=batch,
    )


def _told(both: Duplicates, id_: str) -> Record:
    event = OutgoingEvent(
        id=f"told-{id_}",
        topic=PERSONS.name,
        aggregatetype="person",
        aggregateid=id_,
        type="person.changed.v1",
        source="/bole/talent",
        subject=f"persons/{id_}",
        version=1,
        time=both.library.clock.now(),
        payload=b"-",
    )
    return Record(event.topic, event.aggregateid, event.payload, make_headers(event))
