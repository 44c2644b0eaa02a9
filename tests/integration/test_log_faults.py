"""What each log does by itself: erasure and expiry in the file, outages and settings of the broker."""

import resource
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import ConfigResource

from services.chassis.feed.received import Poison
from services.chassis.log.cloudevents import parse
from services.chassis.log.kafka_log import KafkaLog
from services.chassis.log.log import Record, Stored, TopicPolicy
from services.chassis.log.sql_log import SqlLog
from services.kernel.clock import ManualClock
from services.kernel.errors import FailedPrecondition, OutOfRange, Unavailable
from tests.servers.kafka import KafkaServer
from tests.servers.ports import free_port

START = datetime(2026, 3, 1, tzinfo=UTC)
STATE = "bole.persons.v1"
EVENTS = "bole.matches.v1"
SECONDS = 60.0
CLOSED_SECONDS = 4.0
"""A process that ends has ten, and seven of them are for its loops and calls."""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def file_log(tmp_path: Path, clock: ManualClock) -> Iterator[SqlLog]:
    log = SqlLog(tmp_path / "deep" / "log.db", clock)
    log.ensure_topics({STATE: TopicPolicy.COMPACT, EVENTS: TopicPolicy.RETAIN_30_DAYS})
    yield log
    log.close()


def test_a_tombstone_erases_the_key_from_the_bytes_of_the_file(file_log: SqlLog, tmp_path: Path) -> None:
    canary = secrets.token_hex(16).encode()
    values = [("wang", canary), ("li", b"stays"), ("wang", canary * 400)]
    file_log.append([Record(STATE, key, value) for key, value in values])
    assert canary in every_byte(tmp_path)

    file_log.append([Record(STATE, "wang", None)])

    assert canary not in every_byte(tmp_path)
    assert [(stored.offset, stored.value) for stored in file_log.read(STATE, 0, 9)] == [
        (1, b"stays"),
        (3, None),
    ]


def every_byte(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())


def test_replaced_records_go_when_the_topics_are_ensured(file_log: SqlLog) -> None:
    file_log.append([Record(STATE, f"k{number % 3}", b"%d" % number) for number in range(30)])
    assert len(file_log.read(STATE, 0, 100)) == 30

    file_log.ensure_topics({STATE: TopicPolicy.COMPACT})

    assert [stored.offset for stored in file_log.read(STATE, 0, 100)] == [27, 28, 29]
    assert [stored.offset for stored in file_log.read(STATE, 28, 100)] == [28, 29]
    assert file_log.end(STATE) == 30


def test_records_older_than_thirty_days_expire_with_an_error_for_a_late_reader(
    file_log: SqlLog, clock: ManualClock
) -> None:
    file_log.append([Record(EVENTS, "m", b"old")])
    clock.advance(timedelta(days=29))
    file_log.append([Record(EVENTS, "m", b"new")])
    clock.advance(timedelta(days=2))
    assert len(file_log.read(EVENTS, 0, 9)) == 2

    file_log.ensure_topics({EVENTS: TopicPolicy.RETAIN_30_DAYS})

    with pytest.raises(OutOfRange, match="earliest is 1") as caught:
        file_log.read(EVENTS, 0, 9)
    assert caught.value.reason == "OFFSET_EXPIRED"
    assert [(stored.offset, stored.time) for stored in file_log.read(EVENTS, 1, 9)] == [
        (1, START + timedelta(days=29))
    ]


def test_a_file_that_is_no_log_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "log.db").write_bytes(b"not a database, but long enough to be looked at" * 100)

    with pytest.raises(Unavailable, match="not a database"):
        SqlLog(tmp_path / "log.db")


@contextmanager
def no_room() -> Iterator[None]:
    """No file of this process may grow beyond 64 KiB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("count", [1, 8])
def test_a_log_without_room_takes_nothing_and_goes_on_when_there_is_some(
    file_log: SqlLog, count: int
) -> None:
    file_log.append([Record(EVENTS, "before", b"1")])
    with no_room():
        for _ in range(2):
            with pytest.raises(Unavailable):
                file_log.append([Record(EVENTS, "without", bytes(500_000))] * count)
    file_log.append([Record(EVENTS, "after", b"2")])
    assert [(stored.offset, stored.key) for stored in file_log.read(EVENTS, 0, 9)] == [
        (0, "before"),
        (1, "after"),
    ]


@pytest.fixture
def broker() -> Iterator[KafkaServer]:
    with KafkaServer() as server:
        yield server


def test_whoever_closes_does_not_wait_for_a_broker_that_stands_still(broker: KafkaServer) -> None:
    log, telling = KafkaLog(broker.bootstrap), threading.Event()
    log.ensure_topics({STATE: TopicPolicy.COMPACT})
    log.append([Record(STATE, "k", b"0")])

    def tell() -> None:
        telling.set()
        with suppress(Unavailable):
            log.append([Record(STATE, "k", b"1")])

    def read() -> None:
        with suppress(Unavailable):
            log.read(STATE, 1, 1, 60.0)

    waiting = [threading.Thread(target=each) for each in (tell, read)]
    with broker.stopped():
        for each in waiting:
            each.start()
        assert telling.wait(SECONDS)
        began = time.monotonic()
        log.close()
        assert time.monotonic() - began < CLOSED_SECONDS
    for each in waiting:
        each.join()
    log.close()  # what was held by those who waited; in a process that ends it would end with it


def test_acknowledged_records_survive_the_death_of_the_broker(broker: KafkaServer) -> None:
    log = KafkaLog(broker.bootstrap, timeout_seconds=60)
    log.ensure_topics({STATE: TopicPolicy.COMPACT})
    log.append([Record(STATE, f"k{number}", b"%d" % number) for number in range(500)])
    assert len(log.read(STATE, 0, 200)) == 200

    broker.kill()
    appended = threading.Thread(target=log.append, args=([Record(STATE, "late", b"500")],))
    appended.start()
    broker.start()
    appended.join()

    values: list[int] = []
    while len(values) < 501:
        values += [int(stored.value or b"") for stored in log.read(STATE, len(values), 200, 60.0)]
    assert values == list(range(501))
    broker.restart()
    assert len(log.read(STATE, 0, 1000, 60.0)) > 0
    assert log.end(STATE) == 501
    log.close()


def test_a_broker_that_is_not_there_is_unavailable() -> None:
    log = KafkaLog(f"127.0.0.1:{free_port()}", timeout_seconds=1)

    with pytest.raises(Unavailable) as caught:
        log.ensure_topics({STATE: TopicPolicy.COMPACT})
    assert caught.value.reason == "LOG_UNAVAILABLE"
    with pytest.raises(Unavailable):
        log.append([Record(STATE, "k", b"v")])
    log.close()


def test_topics_get_the_settings_of_their_policy(kafka: KafkaServer) -> None:
    names = {f"bole.{secrets.token_hex(4)}.v1": policy for policy in TopicPolicy}
    log = KafkaLog(kafka.bootstrap)
    log.ensure_topics(names)
    log.close()

    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    partitions = {entry["name"]: len(entry["partitions"]) for entry in admin.describe_topics(list(names))}
    resources = [ConfigResource("topic", name) for name in names]
    settings = admin.describe_configs(resources)["topic"]
    admin.close()
    assert partitions == dict.fromkeys(names, 1)
    for name, policy in names.items():
        values = {key: entry["value"] for key, entry in settings[name].items()}
        if policy is TopicPolicy.COMPACT:
            assert values["cleanup.policy"] == "compact"
            assert int(values["max.compaction.lag.ms"]) == timedelta(days=1) / timedelta(milliseconds=1)
        else:
            assert int(values["retention.ms"]) == timedelta(days=30) / timedelta(milliseconds=1)


def test_a_topic_with_several_partitions_is_refused(kafka: KafkaServer) -> None:
    name = f"bole.{secrets.token_hex(4)}.v1"
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    admin.create_topics({name: {"num_partitions": 3, "replication_factor": 1}}, wait_for_metadata=True)
    admin.close()
    log = KafkaLog(kafka.bootstrap)

    with pytest.raises(FailedPrecondition, match="3 partitions"):
        log.ensure_topics({name: TopicPolicy.COMPACT})
    log.close()


def test_what_a_foreign_producer_took_back_is_not_read_and_what_it_wrote_is_judged(
    kafka: KafkaServer,
) -> None:
    name = f"bole.{secrets.token_hex(4)}.v1"
    log = KafkaLog(kafka.bootstrap)
    log.ensure_topics({name: TopicPolicy.RETAIN_30_DAYS})
    with KafkaProducer(bootstrap_servers=kafka.bootstrap, transactional_id=name) as foreign:
        foreign.init_transactions()
        foreign.begin_transaction()
        foreign.send(name, b"taken back", b"k").get(60)
        foreign.abort_transaction()
        foreign.begin_transaction()
        foreign.send(name, b"1", None, timestamp_ms=-1)
        foreign.send(name, b"1", None, timestamp_ms=-(10**15))
        foreign.send(name, b"2", b"\xff\xfe", headers=[("tenant", b"\xff"), ("tenant", b"a")])
        foreign.commit_transaction()
    read: list[Stored] = []
    while len(read) < 3:
        read += log.read(name, read[-1].offset + 1 if read else 0, 9, 60.0)
    log.close()
    assert [each.value for each in read] == [b"1", b"1", b"2"]
    for each in read:
        with pytest.raises(Poison, match="ce_specversion"):
            parse(each)
