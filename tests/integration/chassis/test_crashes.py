import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.chassis.fail_points import EXIT_KILLED
from services.chassis.feed.dead_letters import DeadLetters
from services.chassis.log.log import TopicPolicy
from services.chassis.log.sql_log import SqlLog
from services.chassis.outbox.outbox import Outbox
from services.chassis.storage.db import Database, open_engine
from services.kernel.clock import SystemClock
from tests.integration.chassis.effects import FEED_TABLES, METADATA, OUTBOX, TOPIC, effects, event
from tests.servers import nursery

PROGRAM = "tests.integration.chassis.crashing"
KEYS, VERSIONS = ("a", "b", "c"), 200
POINTS = [
    "relay.before_append:1",
    "relay.before_append:2",
    "relay.after_append_before_mark:1",
    "relay.after_append_before_mark:2",
    "relay.after_mark:1",
    "feed.after_effect_before_commit:1",
    "feed.after_effect_before_commit:2",
    "feed.after_commit:1",
    "feed.after_commit:2",
    "feed.after_bury_before_commit:1",
    "feed.after_forward_before_mark:1",
]
POSTGRESQL_POINTS = ["relay.after_append_before_mark:1", "feed.after_effect_before_commit:1"]


class Installation:
    """A database, a log, and the process that works on them."""

    def __init__(self, url: str, directory: Path) -> None:
        self.url = url
        self.log_file = directory / "log.db"
        self.database = Database(open_engine(url, pool_size=4))
        METADATA.create_all(self.database.engine)
        self.log = SqlLog(self.log_file)
        self.log.ensure_topics({TOPIC: TopicPolicy.RETAIN_30_DAYS})

    def put(self, *events: tuple[str, int, bytes]) -> None:
        with self.database.write() as session:
            Outbox(OUTBOX).put_all(
                session, [event(key, version, payload) for key, version, payload in events]
            )

    def work(self, failpoint: str | None = None, *arguments: str) -> int:
        """Run the process; its exit code."""
        environ = os.environ | ({} if failpoint is None else {"BOLE_FAILPOINT": failpoint})
        return nursery.run(PROGRAM, [self.url, str(self.log_file), *arguments], environ).returncode

    def waiting_letters(self) -> list[tuple[str, str]]:
        letters = DeadLetters(FEED_TABLES.dead_letters, "test", SystemClock())
        with self.database.read() as session:
            return [(letter.record.key, letter.reason) for letter in letters.waiting(session)]

    def close(self) -> None:
        self.log.close()
        self.database.close()


@pytest.fixture
def installation(database_url: str, tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(database_url, tmp_path)
    yield installation
    installation.close()


def check_exactly_once(installation: Installation) -> None:
    done = effects(installation.database)
    for key in KEYS:
        assert [version for name, version in done if name == key] == list(range(1, VERSIONS + 1))
    assert len(done) == len(KEYS) * VERSIONS


@pytest.mark.parametrize(
    ("database_url", "point"),
    [("sqlite", point) for point in POINTS] + [("postgresql", point) for point in POSTGRESQL_POINTS],
    indirect=["database_url"],
)
def test_a_crash_and_a_second_crash_lose_nothing_and_double_nothing(
    installation: Installation, point: str
) -> None:
    events = [(key, version, b"ok") for version in range(1, VERSIONS + 1) for key in KEYS]
    installation.put(*events[:300], ("p", 1, b"poison"), *events[300:])
    assert installation.work(point) == EXIT_KILLED
    assert installation.work(f"{point.partition(':')[0]}:1") == EXIT_KILLED
    assert installation.work() == 0
    check_exactly_once(installation)
    assert installation.waiting_letters()[0] == ("p", "it says so")
    assert [record.key for record in installation.log.read(f"{TOPIC}.dlq", 0, 10)].count("p") >= 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_crash_between_append_and_mark_does_double_the_log(installation: Installation) -> None:
    installation.put(("a", 1, b"ok"))
    assert installation.work("relay.after_append_before_mark:1") == EXIT_KILLED
    assert installation.work() == 0
    assert installation.log.end(TOPIC) == 2
    assert effects(installation.database) == [("a", 1)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_replay_that_was_cut_short_takes_effect_once(installation: Installation) -> None:
    installation.put(("a", 1, b"broken"), ("b", 1, b"ok"))
    assert installation.work() == 0
    assert effects(installation.database) == [("b", 1)]
    assert installation.work("feed.after_replay_before_commit:1", "--mended") == EXIT_KILLED
    assert effects(installation.database) == [("b", 1)]
    assert installation.work(None, "--mended") == installation.work(None, "--mended") == 0
    assert effects(installation.database) == [("b", 1), ("a", 1)]
    assert installation.waiting_letters() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_record_that_kills_the_process_is_set_aside_after_some_tries(installation: Installation) -> None:
    installation.put(("a", 1, b"ok"), ("b", 1, b"crash"), ("a", 2, b"ok"))
    codes = [installation.work() for _ in range(9)]
    assert codes[0] == codes[1] == 9
    assert effects(installation.database) == [("a", 1), ("a", 2)]
    ((key, reason),) = installation.waiting_letters()
    assert key == "b"
    assert "the process ended 5 times" in reason
