"""A log and a database that do not belong together are noticed before anything is told or taken in, on both engines."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from services.chassis.log.log import Record
from services.chassis.outbox.journal import FORMER
from services.kernel.errors import OutOfRange
from tests.integration.chassis.effects import FEED_TABLES, HISTORY, effects
from tests.integration.chassis.trials import Trial, put_back, rows


def test_a_log_begun_anew_that_has_grown_past_the_offsets_is_not_read(trial: Trial) -> None:
    trial.append(trial.event("a", 1), trial.event("a", 2))
    feed = trial.feed()
    while feed.lag():
        feed.step()
    trial.begin_anew()
    trial.append(*(trial.event("b", version) for version in range(1, 6)))
    feed = trial.feed()
    feed.rounds.run(threading.Event())
    assert feed.stopped_reason is not None
    assert trial.topic in feed.stopped_reason
    assert "accept-log" in feed.stopped_reason
    assert effects(trial.database) == [("a", 1), ("a", 2)]
    assert feed.position(trial.topic) == 2


def test_a_feed_that_runs_notices_it_within_a_minute(trial: Trial) -> None:
    trial.append(trial.event("a", 1))
    feed = trial.feed()
    feed.step()
    with trial.database.write() as session:
        session.execute(FEED_TABLES.offsets.update().values(log_id="another"))
    assert feed.step() == 0
    trial.clock.advance(timedelta(seconds=61))
    with pytest.raises(OutOfRange):
        feed.step()


def test_nothing_is_told_to_a_log_begun_anew(trial: Trial) -> None:
    trial.put(1, 2)
    trial.publish()
    trial.begin_anew()
    trial.append(*(trial.event("b", version)._replace(source="/bole/other") for version in range(1, 6)))
    trial.put(3)
    assert trial.topic in trial.stopped()
    assert trial.log.end(trial.topic) == 5
    assert trial.relay().backlog().count == 1


def test_a_database_put_back_to_an_earlier_moment_tells_nothing(trial: Trial) -> None:
    trial.put(1, 2)
    trial.publish()
    kept = rows(trial.database)
    trial.put(3)
    trial.publish()
    put_back(trial.database, kept)
    said = trial.stopped()
    assert trial.topic in said
    assert "earlier moment" in said
    assert trial.log.end(trial.topic) == 3


def test_a_log_that_lost_its_end_is_not_written_to(trial: Trial) -> None:
    trial.put(1)
    trial.publish()
    with trial.database.write() as session:
        trial.places().note(session, {trial.topic: 9}, {trial.topic: 8})
    with pytest.raises(OutOfRange) as caught:
        trial.check()
    assert caught.value.reason == "LOG_CUT"
    with trial.database.write() as session:
        assert trial.places().accept(session, trial.log) == [trial.topic]
    trial.publish()
    assert [each.headers["ce_sequence"] for each in trial.log.read(trial.topic, 0, 9)] == ["1", "1"]


def test_what_a_relay_told_and_could_not_mark_is_told_again(trial: Trial) -> None:
    trial.put(1)
    trial.publish()
    trial.put(2)
    trial.append(trial.event("a", 2))
    trial.publish()
    assert trial.log.end(trial.topic) == 3


def test_who_was_erased_before_the_mark_is_known_by_history(trial: Trial) -> None:
    trial.put(1)
    trial.publish()
    trial.append(trial.event("b", 1))
    with pytest.raises(OutOfRange) as caught:
        trial.check()
    assert caught.value.reason == "LOG_AHEAD"
    row = {"entity": "thing", "id": "b", "version": 1, "changed_at": trial.clock.now(), "actor": "x"}
    with trial.database.write() as session:
        session.execute(insert(HISTORY).values(row))
    trial.check()


def test_an_empty_database_beside_what_it_should_have_told_tells_nothing(trial: Trial) -> None:
    trial.append(trial.event("a", 1))
    trial.put(2)
    said = trial.stopped()
    assert trial.topic in said
    assert "its database remembers nothing of them" in said
    assert (trial.log.end(trial.topic), trial.relay().backlog().count) == (1, 1)
    with pytest.raises(OutOfRange) as caught, trial.database.write() as session:
        trial.places().accept(session, trial.log)
    assert caught.value.reason == "DATABASE_EMPTY"
    with trial.database.write() as session:
        assert trial.places(from_log=True).accept(session, trial.log) == [trial.topic]
        assert session.execute(select(HISTORY.c.id, HISTORY.c.version, HISTORY.c.actor)).all() == [
            ("a", 1, FORMER)
        ]
    trial.publish()
    assert trial.log.end(trial.topic) == 2


def test_a_database_that_is_new_or_older_than_the_log_is_not_taken_for_an_empty_one(trial: Trial) -> None:
    trial.append(trial.event("b", 1)._replace(source="/bole/other"))
    trial.check()
    trial.append(trial.event("a", 1))
    before = trial.event("a", 1).time - timedelta(days=1)
    row = {"entity": "thing", "id": "a", "version": 1, "changed_at": before, "actor": "x"}
    with trial.database.write() as session:
        session.execute(insert(HISTORY).values(row))
    trial.check()


def test_what_others_write_to_the_topic_says_nothing_of_the_database(trial: Trial) -> None:
    trial.put(1)
    trial.publish()
    trial.append(trial.event("b", 1)._replace(source="/bole/other"))
    trial.log.append([Record(trial.topic, "c", b"\xff", {})])
    trial.check()
