"""The match topic read by a client that is not ours, and decoded from the published descriptors alone."""

from importlib.resources import files
from typing import Any

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

from services.chassis.house import House
from services.chassis.log.topics import MATCHES
from services.chassis.outbox.relay import Relay
from services.chassis.process.leadership import leader_lock
from services.matcher.domain.partners.partner_topic import topic_of
from tests.integration.matcher.installed import Matcher, load_some
from tests.integration.matcher.producing import OwnTopics, Producer
from tests.integration.matcher.test_partner_topics import Told
from tests.servers.kafka import KafkaServer

FIELD, RECORD = "<field/>", "<record/>"
COUNT = 20


def published() -> DescriptorPool:
    """The messages of the compiled contract, without anything that was generated from it."""
    pool = DescriptorPool()
    for each in FileDescriptorSet.FromString(files("bole").joinpath("contract.binpb").read_bytes()).file:
        pool.Add(each)
    return pool


def read_as_others_do(kafka: KafkaServer, topic: str) -> list[tuple[dict[str, str], str, bytes]]:
    """Headers, key and value of the first records, as the console consumer prints them."""
    shown = [f"print.{each}=true" for each in ("headers", "key", "value")]
    apart = [f"key.separator={FIELD}", f"headers.separator={FIELD}", f"line.separator={RECORD}"]
    options = [part for each in (*shown, *apart) for part in ("--formatter-property", each)]
    printed = kafka.consume(topic, COUNT, *options)
    records = []
    for record in printed.split(RECORD.encode())[:COUNT]:
        *headers, key, value = record.split(FIELD.encode())
        named = dict(each.decode().split(":", 1) for each in headers)
        records.append((named, key.decode(), value))
    return records


@pytest.mark.parametrize("urls", ["full"], indirect=True)
def test_a_foreign_client_reads_the_match_events_with_the_descriptors_alone(
    house: House, matcher: Matcher, producer: Producer, log: OwnTopics, kafka: KafkaServer
) -> None:
    load_some(producer)
    matcher.follow()
    lock = leader_lock(house.database.engine, "relay")
    relay = Relay(house.database, house.tables.outbox, log, lock, house.clock)
    while relay.publish_batch():
        pass
    lock.release()

    pool, events = published(), matcher.events()
    assert len(events) >= COUNT
    read: list[Any] = []
    for headers, _key, value in read_as_others_do(kafka, f"{MATCHES.name}.{log.suffix}"):
        assert headers["content-type"] == "application/protobuf"
        kind = GetMessageClass(pool.FindMessageTypeByName(headers["ce_dataschema"]))
        message: Any = kind.FromString(value)
        assert headers["ce_subject"] == f"matches/{message.sequence}"
        read.append((message.sequence, message.kind, message.log_odds))
    assert read == [(each.sequence, each.kind, each.log_odds) for each in events[:COUNT]]


@pytest.mark.parametrize("urls", ["full"], indirect=True)
def test_a_partners_topic_is_read_by_the_same_means(
    house: House, matcher: Matcher, producer: Producer, log: OwnTopics, kafka: KafkaServer
) -> None:
    load_some(producer)
    matcher.follow()
    told = Told(house)
    partner = told.partner("甲")
    told.level()
    pool, previous = published(), 0
    for headers, key, value in read_as_others_do(kafka, f"{topic_of(partner)}.{log.suffix}"):
        kind = GetMessageClass(pool.FindMessageTypeByName(headers["ce_dataschema"]))
        event: Any = kind.FromString(value)
        assert (event.anchor, event.previous_sequence) == (key, previous)
        previous = event.sequence
    assert previous >= COUNT
