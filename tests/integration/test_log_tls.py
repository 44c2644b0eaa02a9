"""The log on a broker that takes only known certificates."""

import secrets
from pathlib import Path

import pytest

from services.chassis.log.kafka_log import KafkaLog
from services.chassis.log.log import Record, TopicPolicy, open_log
from services.kernel.errors import Unavailable
from tests.servers.authority import Authority
from tests.servers.kafka import KafkaServer


def test_a_known_certificate_writes_and_reads(kafka: KafkaServer, tmp_path: Path) -> None:
    topic = f"tls-{secrets.token_hex(4)}"
    log = open_log(kafka.url_under_tls(kafka.authority.issue(tmp_path / "known")))
    try:
        log.ensure_topics({topic: TopicPolicy.COMPACT})
        log.append([Record(topic, "key", b"value")])
        assert [each.value for each in log.read(topic, 0, 10, 30.0)] == [b"value"]
    finally:
        log.close()


@pytest.mark.parametrize("known", ["nobody", "the client alone"])
def test_an_unknown_certificate_is_told_that_the_log_is_not_there(
    kafka: KafkaServer, tmp_path: Path, known: str
) -> None:
    broker = kafka.authority if known == "the client alone" else None
    directory = Authority("somebody else").issue(tmp_path / "unknown", trusts=broker)
    hosts = kafka.url_under_tls(directory).removeprefix("kafka://").partition("?")[0]
    log = KafkaLog(hosts, tls=directory, timeout_seconds=1.0)
    try:
        with pytest.raises(Unavailable):
            log.end("any")
    finally:
        log.close()
