"""Events from outbox to effect through Kafka, beside the bare client with the same records on the same broker.

Ours reads them from PostgreSQL, marks each batch as published, and commits the reader's offsets with its (empty)
effects: what makes them come exactly once. The bare producer and consumer keep nothing.
"""

import threading
import time
from collections.abc import Iterator
from statistics import median

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from sqlalchemy import MetaData, delete
from sqlalchemy.orm import Session

from bench.harness import Row, Run
from services.chassis.feed.feed import Feed
from services.chassis.feed.received import Received
from services.chassis.feed.tables import define_feed_tables
from services.chassis.log.cloudevents import OutgoingEvent
from services.chassis.log.log import TopicPolicy, open_log
from services.chassis.outbox.outbox import Outbox, define_outbox
from services.chassis.outbox.relay import Relay
from services.chassis.process.leadership import leader_lock
from services.chassis.storage.columns import new_metadata
from services.chassis.storage.db import Database, open_engine
from services.kernel.clock import SystemClock
from tests.servers.kafka import KafkaServer

NAMES = ("events.transport",)
_EVENTS, _ROUNDS, _PAYLOAD = 20_000, 3, bytes(500)
_BAR = 0.5
_METADATA: MetaData = new_metadata()
_OUTBOX = define_outbox(_METADATA)
_FEED_TABLES = define_feed_tables(_METADATA)


def measure(run: Run) -> Iterator[Row]:
    """Events a second from the commit of the last until all have had their effect; rounds in turn."""
    count = run.size(_EVENTS)
    ours, bare = [], []
    with run.folder() as folder, run.database_urls(folder) as urls, KafkaServer() as kafka:
        database = Database(open_engine(urls["postgresql"]))
        try:
            _METADATA.create_all(database.engine)
            for number in range(_ROUNDS):
                ours.append(count / _ours(database, kafka, f"ours.{number}", count))
                bare.append(count / _bare(kafka, f"bare.{number}", count))
        finally:
            database.close()
    yield run.row(
        "events.transport",
        median(ours),
        "1/s",
        n=count,
        peer="bare kafka-python, producer and consumer",
        peer_value=median(bare),
        bar=_BAR,
        lower_is_better=False,
        note=f"records of {len(_PAYLOAD)} bytes, PostgreSQL on both ends of ours, one broker",
    )


class _Nothing:
    """An effect of its own it has none; it counts."""

    def __init__(self, count: int) -> None:
        self._left = count
        self.done = threading.Event()

    def handle(self, session: Session, event: Received) -> None:  # noqa: ARG002 (as the protocol has it)
        self._left -= 1

    def finish(self, session: Session, level: bool) -> None:  # noqa: ARG002 (as the protocol has it)
        if self._left <= 0:
            self.done.set()


def _ours(database: Database, kafka: KafkaServer, topic: str, count: int) -> float:
    clock, nothing, stop = SystemClock(), _Nothing(count), threading.Event()
    writing, reading = open_log(kafka.url), open_log(kafka.url)
    writing.ensure_topics({topic: TopicPolicy.RETAIN_30_DAYS, f"{topic}.dlq": TopicPolicy.RETAIN_30_DAYS})
    lock = leader_lock(database.engine, "relay")
    relay = Relay(database, _OUTBOX, writing, lock, clock)
    feed = Feed(topic, database, reading, [topic], nothing, clock, tables=_FEED_TABLES)
    with database.write() as session:
        session.execute(delete(_OUTBOX))
        Outbox(_OUTBOX).put_all(session, [_event(topic, number) for number in range(count)])
    loops = [threading.Thread(target=loop, args=(stop,)) for loop in (relay.run, feed.rounds.run)]
    started = time.perf_counter()
    for loop in loops:
        loop.start()
    assert nothing.done.wait(600), (feed.handled, relay.published, feed.stopped_reason)
    seconds = time.perf_counter() - started
    stop.set()
    relay.notify()
    for loop in loops:
        loop.join()
    writing.close()
    reading.close()
    return seconds


def _event(topic: str, number: int) -> OutgoingEvent:
    return OutgoingEvent(
        id=f"{topic}-{number}",
        topic=topic,
        aggregatetype="thing",
        aggregateid=f"{number:026d}",
        type="thing.changed.v1",
        source="/bole/bench",
        subject=f"things/{number}",
        version=1,
        time=SystemClock().now(),
        payload=_PAYLOAD,
    )


def _bare(kafka: KafkaServer, topic: str, count: int) -> float:
    log = open_log(kafka.url)
    log.ensure_topics({topic: TopicPolicy.RETAIN_30_DAYS})
    log.close()
    producer = KafkaProducer(
        bootstrap_servers=kafka.bootstrap, acks="all", enable_idempotence=True, linger_ms=2
    )
    consumer = KafkaConsumer(bootstrap_servers=kafka.bootstrap, enable_auto_commit=False)
    partition = TopicPartition(topic, 0)
    consumer.assign([partition])
    consumer.seek(partition, 0)
    headers = [
        (name, b"x" * 24)
        for name in ("ce_id", "ce_source", "ce_type", "ce_subject", "ce_time", "ce_sequence")
    ]
    producer.partitions_for(topic)

    def produce() -> None:
        for number in range(count):
            producer.send(topic, _PAYLOAD, f"{number:026d}".encode(), headers, partition=0)
        producer.flush()

    sender = threading.Thread(target=produce)
    started, read = time.perf_counter(), 0
    sender.start()
    while read < count:
        read += sum(map(len, consumer.poll(timeout_ms=1_000).values()))
    seconds = time.perf_counter() - started
    sender.join()
    producer.close()
    consumer.close()
    return seconds
