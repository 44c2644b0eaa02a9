"""A Kafka client that does not come up, or is closed on the way, leaves no thread, socket or loop behind."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError

from services.chassis.log.kafka_client import opened
from services.chassis.log.kafka_log import KafkaLog
from services.chassis.log.kafka_reader import client_options
from services.kernel.errors import Unavailable
from tests.storm.house import until


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a machine that answers no attempt to connect, as behind a dropped network."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server, socket.socket() as first:
        first.connect(server.getsockname())  # the one that may wait; whoever comes after is not answered
        yield f"127.0.0.1:{server.getsockname()[1]}"


def _held() -> tuple[set[str], set[threading.Thread]]:
    """What this process has open, by kind and number, and its threads."""
    listing = list(Path("/proc/self/fd").iterdir())  # the descriptor of the listing itself is closed by then
    return {str(entry.readlink()) for entry in listing if entry.exists()}, set(threading.enumerate())


def _connecting(address: str) -> bool:
    """Whether somebody waits for this address to answer: state 2 is SYN_SENT."""
    port = int(address.partition(":")[2])
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any(line[2].endswith(f":{port:04X}") and line[3] == "02" for line in lines)


@pytest.mark.parametrize("kind", [KafkaAdminClient, KafkaConsumer, KafkaProducer])
def test_a_client_without_a_broker_leaves_nothing(silent: str, kind: type) -> None:
    options = client_options(silent, None, 2) | {"bootstrap_timeout_ms": 200}
    before = _held()
    for _ in range(3):
        with pytest.raises(KafkaError, match="bootstrap"):
            opened(kind, **options)
    assert _held() == before


def test_a_log_that_asks_in_vain_keeps_nothing(silent: str) -> None:
    log = KafkaLog(silent, timeout_seconds=0.2)
    before = _held()
    for _ in range(3):
        with pytest.raises(Unavailable):
            log.end("bole.talent.person")
    assert _held() == before
    log.close()


def test_a_client_that_is_closed_while_it_connects_closes_the_socket(silent: str) -> None:
    before = _held()
    # told the version of the brokers, a consumer does not wait for them in its constructor
    client = opened(KafkaConsumer, **client_options(silent, None, 30), api_version=(3, 9))
    client.assign([TopicPartition("bole.talent.person", 0)])
    assert until(lambda: client.poll(timeout_ms=10) or _connecting(silent), 10)
    client.close()
    assert _held() == before
