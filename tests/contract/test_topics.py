"""What lies on the log is what its description says: read from the log's file, decoded by the published contract."""

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from services.chassis.comments import load_comments
from services.chassis.log.sql_log import SqlLog
from services.chassis.log_url import parse_log_url
from services.console.gateway.asyncapi import PARTNERS, described_topics
from tests.contract.coverage import CONTRACT
from tests.contract.installation import Installation

READ = 50


def published() -> descriptor_pool.DescriptorPool:
    """A pool of the compiled contract alone, as somebody else would have it."""
    pool = descriptor_pool.DescriptorPool()
    for file in FileDescriptorSet.FromString(CONTRACT.read_bytes()).file:
        pool.Add(file)
    return pool


def test_every_record_is_a_message_of_its_topic(whole: Installation) -> None:
    described, pool = described_topics(load_comments()), published()
    log, read = SqlLog(whole.settings.data_dir / "log.db"), set()
    assert parse_log_url(whole.settings.log_url).kind == "sqlite"
    ours = {topic: each for topic, each in described["channels"].items() if topic != PARTNERS}
    for topic, channel in ours.items():
        (name,) = channel["messages"]
        message = described["components"]["messages"][name]
        required = described["components"]["schemas"]["Headers"]["required"]
        factory = message_factory.GetMessageClass(pool.FindMessageTypeByName(message["name"]))
        for record in log.read(topic, log.first(topic), READ):
            assert set(required) <= set(record.headers), topic
            assert record.headers["ce_partitionkey"] == record.key
            if record.value is not None:
                assert record.headers["ce_dataschema"] == message["name"], topic
                assert factory.FromString(record.value).ByteSize() == len(record.value)
                read.add(topic)
    log.close()
    assert {"bole.persons.v1", "bole.keys.v1", "bole.firms.v1", "bole.matches.v1"} <= read
