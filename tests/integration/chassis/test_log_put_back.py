"""A log that was put back to an earlier copy under a relay that runs, and that one batch makes longer than before, so
that no end of it says what is missing.
"""

import gc
import secrets
import shutil
import sqlite3
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from services.chassis.log.log import TopicPolicy, open_log
from services.chassis.storage.db import Database, open_engine
from services.kernel.clock import ManualClock
from tests.integration.chassis.effects import METADATA
from tests.integration.chassis.trials import Trial
from tests.servers.kafka import KafkaServer
from tests.storm.house import until

Copying = Callable[[], Callable[[], None]]
"""Copies the log; what it returns puts the copy back."""


@pytest.fixture(params=["embedded", "kafka"])
def copying(
    request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock
) -> Iterator[tuple[Trial, Copying]]:
    with ExitStack() as stack:
        if request.param == "embedded":
            url, copy = f"sqlite:///{tmp_path}/log.db", file_of(tmp_path / "log.db")
        else:
            server = stack.enter_context(KafkaServer())
            url, copy = server.url, broker_of(server)
        database = stack.enter_context(closing(Database(open_engine(f"sqlite:///{tmp_path}/it.db"))))
        METADATA.create_all(database.engine)
        log = stack.enter_context(closing(open_log(url)))
        trial = Trial(database, url, log, f"bole.test-{secrets.token_hex(6)}.v1", clock)
        log.ensure_topics({trial.topic: TopicPolicy.COMPACT})
        yield trial, copy
    # kafka-python leaves connections to a broker that was killed to the collector
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def file_of(log: Path) -> Copying:
    copy = log.with_name("copy.db")

    def backed_up(source: Path, target: Path) -> None:
        with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
            read.backup(written)

    def make() -> Callable[[], None]:
        backed_up(log, copy)
        return lambda: backed_up(copy, log)

    return make


def broker_of(server: KafkaServer) -> Copying:
    data, copy = server.directory / "data", server.directory / "copy"

    def put_back() -> None:
        server.kill()
        shutil.rmtree(data)
        copy.rename(data)
        server.start()

    def make() -> Callable[[], None]:
        server.stop()
        shutil.copytree(data, copy)
        server.start()
        return put_back

    return make


def test_what_a_log_lost_is_told_again_though_it_has_grown_past_its_place(
    copying: tuple[Trial, Copying],
) -> None:
    trial, copy = copying
    trial.put(1)
    trial.publish()
    put_back = copy()
    relay = trial.relay()
    trial.put(2, 3)
    relay.publish_batch()
    put_back()
    trial.put(4, 5, 6, 7)
    relay.start()
    assert until(lambda: relay.stopped_reason, 60.0)
    assert "accept-log" in str(relay.stopped_reason)
    relay.stop()
    there = versions(trial)  # a broker, which knows what the producer wrote last, refuses the batch
    assert trial.topic in trial.stopped()  # nor does the next process go on

    with trial.database.write() as session:
        assert trial.places().accept(session, trial.log) == [trial.topic]
    trial.publish()
    assert versions(trial) == [*there, 1, 2, 3, 4, 5, 6, 7]


def versions(trial: Trial) -> list[int]:
    return [int(each.headers["ce_sequence"]) for each in trial.log.read(trial.topic, 0, 50)]
