"""One suite for both logs: a shared SQLite file and a real Kafka broker."""

import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from services.chassis.log.log import Log, Record, TopicPolicy, open_log
from services.kernel.errors import InvalidArgument, NotFound, OutOfRange, Unavailable
from tests.servers.kafka import KafkaServer

FOR_EVER = 3600.0
"""Seconds to wait: longer than a test may take, so that one which ends was woken."""


@pytest.fixture(params=["sql", "kafka"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sql":
        return f"sqlite:///{tmp_path / 'log.db'}"
    server: KafkaServer = request.getfixturevalue("kafka")
    return server.url


@pytest.fixture
def log(url: str) -> Iterator[Log]:
    opened = open_log(url)
    yield opened
    opened.close()


@pytest.fixture
def topic(log: Log) -> str:
    return create(log, TopicPolicy.RETAIN_30_DAYS)


def create(log: Log, policy: TopicPolicy) -> str:
    name = f"bole.test-{secrets.token_hex(6)}.v1"
    log.ensure_topics({name: policy})
    return name


def record(topic: str, number: int) -> Record:
    return Record(topic, f"k{number % 7}", b"value %d" % number)


def read_all(log: Log, topic: str, limit: int = 100) -> list[bytes | None]:
    values: list[bytes | None] = []
    offset = 0
    while batch := log.read(topic, offset, limit):
        values += [stored.value for stored in batch]
        offset = batch[-1].offset + 1
    return values


def test_records_come_back_in_the_order_they_were_appended(log: Log, topic: str) -> None:
    log.append([record(topic, number) for number in range(250)])
    log.append([record(topic, number) for number in range(250, 500)])

    assert read_all(log, topic) == [b"value %d" % number for number in range(500)]
    assert log.end(topic) == 500


def test_a_record_comes_back_whole(log: Log, topic: str) -> None:
    headers = {"ce_type": "bole.person.v1", "ce_subject": "人才/王小明", "原因": "伯乐 🐎"}
    log.append(
        [
            Record(topic, "键-1", b"\x00\xff\x01", headers),
            Record(topic, "键-1", None),
            Record(topic, "k", b""),
        ]
    )

    first, tombstone, empty = log.read(topic, 0, 10)

    assert (first.topic, first.offset, first.key, first.value) == (topic, 0, "键-1", b"\x00\xff\x01")
    assert first.headers == headers
    assert abs(first.time.timestamp() - time.time()) < 60
    assert first.time.utcoffset() is not None
    assert (tombstone.offset, tombstone.key, tombstone.value, tombstone.headers) == (1, "键-1", None, {})
    assert empty.value == b""


def test_reading_starts_anywhere_again_and_again(log: Log, topic: str) -> None:
    log.append([record(topic, number) for number in range(20)])

    for offset in (5, 5, 19, 0, 12):
        assert [stored.offset for stored in log.read(topic, offset, 1)] == [offset]
    assert [stored.offset for stored in log.read(topic, 17, 10)] == [17, 18, 19]
    assert log.read(topic, 20, 10) == []


def test_topics_do_not_mix(log: Log) -> None:
    one, other = create(log, TopicPolicy.RETAIN_30_DAYS), create(log, TopicPolicy.COMPACT)
    log.append([record(one, 1), record(other, 2), record(one, 3)])

    assert read_all(log, one) == [b"value 1", b"value 3"]
    assert read_all(log, other) == [b"value 2"]
    assert (log.end(one), log.end(other)) == (2, 1)
    assert log.read(one, 1, 5)[0].value == b"value 3"


def test_reading_beyond_the_end_is_an_error_and_not_a_jump(log: Log, topic: str) -> None:
    log.append([record(topic, 1)])

    assert log.read(topic, 1, 1) == []
    for wait in (0.0, 0.5):
        with pytest.raises(OutOfRange) as caught:
            log.read(topic, 3, 1, wait)
        assert caught.value.reason == "OFFSET_BEYOND_END"
        assert all("accept-log" in said for said in (caught.value.text.zh, caught.value.text.en))
        assert caught.value.metadata == {"topic": topic, "offset": "3", "end": "1"}
    assert len(log.read(topic, 0, 1)) == 1


def test_a_topic_that_does_not_exist_is_an_error_and_does_not_appear(log: Log, topic: str) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: log.append([record(topic, 1), record("bole.mistyped.v1", 1)]),
        lambda: log.read("bole.mistyped.v1", 0, 1),
        lambda: log.end("bole.mistyped.v1"),
    ]
    for attempt in attempts * 2:
        with pytest.raises(NotFound, match=r"bole\.mistyped\.v1") as caught:
            attempt()
        assert caught.value.reason == "UNKNOWN_TOPIC"
        assert all("accept-log" in said for said in (caught.value.text.zh, caught.value.text.en))
    assert log.end(topic) == 0


def test_bad_records_and_names_are_refused_before_anything_is_written(log: Log, topic: str) -> None:
    refused = {
        "RECORD_TOO_LARGE": lambda: log.append([record(topic, 1), Record(topic, "k", b"x" * 1_000_001)]),
        "RECORD_WITHOUT_KEY": lambda: log.append([record(topic, 1), Record(topic, "", b"x")]),
        "INVALID_TOPIC": lambda: log.ensure_topics({"bole persons": TopicPolicy.COMPACT}),
        "INVALID_POSITION": lambda: log.read(topic, -1, 1),
    }
    for reason, attempt in refused.items():
        with pytest.raises(InvalidArgument) as caught:
            attempt()
        assert caught.value.reason == reason
    assert log.end(topic) == 0
    log.append([Record(topic, "k", b"x" * 999_000)])
    assert len(log.read(topic, 0, 1)[0].value or b"") == 999_000


def test_topics_are_created_once(log: Log, topic: str) -> None:
    log.append([record(topic, 1)])
    log.ensure_topics({topic: TopicPolicy.RETAIN_30_DAYS})

    assert log.end(topic) == 1


def test_the_last_record_of_a_key_and_its_tombstone_stay_in_a_compacted_topic(log: Log) -> None:
    topic = create(log, TopicPolicy.COMPACT)
    log.append(
        [
            Record(topic, "a", b"1"),
            Record(topic, "b", b"2"),
            Record(topic, "a", None),
            Record(topic, "b", b"3"),
        ]
    )
    log.ensure_topics({topic: TopicPolicy.COMPACT})

    state = {stored.key: stored.value for stored in log.read(topic, 0, 10)}

    assert state == {"a": None, "b": b"3"}
    assert log.end(topic) == 4


def test_a_waiting_reader_wakes_up_when_a_record_arrives(log: Log, url: str, topic: str) -> None:
    log.append([record(topic, 0)])
    assert log.read(topic, 1, 1, 0.05) == []
    other = open_log(url)
    other.append([record(topic, 1)])
    for number in range(2, 6):
        sent = threading.Timer(0.05, lambda n=number: other.append([record(topic, n)]))
        sent.start()
        (stored,) = log.read(topic, number, 1, FOR_EVER)
        assert stored.offset == number
        sent.join()
    other.close()


def test_waiting_on_several_topics_ends_with_the_first_record(log: Log, url: str) -> None:
    one, other = create(log, TopicPolicy.COMPACT), create(log, TopicPolicy.COMPACT)
    assert not log.wait({one: 0, other: 0}, 0.05)
    sent = threading.Timer(0.05, lambda: log.append([record(other, 1)]))
    sent.start()

    assert log.wait({one: 0, other: 0}, FOR_EVER)
    sent.join()
    assert log.read(one, 0, 1) == []
    assert len(log.read(other, 0, 1)) == 1


def test_each_of_several_who_wait_is_told_of_its_own(log: Log) -> None:
    topics = [create(log, TopicPolicy.COMPACT) for _ in range(3)]
    told = {name: threading.Event() for name in topics}
    all_waited = threading.Barrier(len(topics) + 1)

    def wait(name: str) -> None:
        assert not log.wait({name: 0}, 0.01)
        all_waited.wait()
        assert log.wait({name: 0}, FOR_EVER)
        told[name].set()

    threads = [threading.Thread(target=wait, args=(name,)) for name in topics]
    for thread in threads:
        thread.start()
    all_waited.wait()
    for number, name in enumerate(topics, 1):
        log.append([record(name, 1)])
        assert told[name].wait(60)
        assert sum(each.is_set() for each in told.values()) == number
    for thread in threads:
        thread.join()


def test_several_threads_share_one_log(log: Log, topic: str) -> None:
    def write(name: int) -> None:
        for number in range(50):
            log.append([Record(topic, f"t{name}", b"%d" % number)])

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    seen: dict[str, list[int]] = {}
    offset = 0
    while sum(map(len, seen.values())) < 200:
        for stored in log.read(topic, offset, 30, FOR_EVER):
            seen.setdefault(stored.key, []).append(int(stored.value or b""))
            offset = stored.offset + 1
        assert log.end(topic) >= offset
    for thread in threads:
        thread.join()
    assert seen == {f"t{name}": list(range(50)) for name in range(4)}


def test_closing_ends_a_wait_and_every_later_use_fails(url: str, log: Log, topic: str) -> None:
    reader = open_log(url)
    assert not reader.wait({topic: 0}, 0.01)

    def wait() -> None:
        with suppress(Unavailable):  # closed before it began to wait
            reader.wait({topic: 0}, FOR_EVER)

    thread = threading.Thread(target=wait)
    thread.start()
    reader.close()
    thread.join(60)

    with pytest.raises(Unavailable):
        reader.read(topic, 0, 1)
    assert not thread.is_alive()


WRITER = """
import itertools, sys
from services.chassis.log.log import Record, open_log
log = open_log(sys.argv[1])
topic, name, count = sys.argv[2], sys.argv[3], int(sys.argv[4])
for batch in itertools.islice(itertools.count(), count):
    log.append([Record(topic, name, f"{batch}.{part}".encode()) for part in range(5)])
    print(batch, flush=True)
log.close()
"""


def writer(url: str, topic: str, name: str, batches: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, url, topic, name, str(batches)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def values_of(log: Log, topic: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    offset = 0
    while batch := log.read(topic, offset, 500):
        for stored in batch:
            found.setdefault(stored.key, []).append((stored.value or b"").decode())
        offset = batch[-1].offset + 1
    return found


def test_two_processes_append_at_the_same_time(log: Log, url: str, topic: str) -> None:
    writers = [writer(url, topic, name, 100) for name in ("p", "q")]
    for process in writers:
        process.communicate(timeout=120)
        assert process.returncode == 0

    expected = [f"{batch}.{part}" for batch in range(100) for part in range(5)]
    assert values_of(log, topic) == {"p": expected, "q": expected}
    assert log.end(topic) == 1000


def test_a_writer_killed_in_the_middle_loses_nothing_it_acknowledged(log: Log, url: str, topic: str) -> None:
    for name in ("a", "b", "c"):
        process = writer(url, topic, name, 100_000)
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _ in range(30)]
        process.kill()
        acknowledged += [
            int(line) for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")
        ]
        process.wait()
        process.stdout.close()

        values = values_of(log, topic)[name]
        expected = [f"{batch}.{part}" for batch in range(len(acknowledged) + 1) for part in range(5)]
        assert len(values) >= 5 * len(acknowledged)
        assert values == expected[: len(values)]
        if url.startswith("sqlite"):
            assert len(values) % 5 == 0
    log.append([record(topic, 1)])
    assert log.read(topic, log.end(topic) - 1, 1)[0].value == b"value 1"


def test_the_log_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="log URL"):
        open_log("redis://127.0.0.1")
