"""The rights of the manifests' Kafka users, given to a real broker: each service and each partner can do what it does,
and nothing else.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourceType,
)
from kafka.errors import GroupAuthorizationFailedError, TopicAuthorizationFailedError

from services.chassis.log.kafka_log import KafkaLog
from services.chassis.log.kafka_reader import client_options
from services.chassis.log.log import Record, TopicPolicy, open_log
from services.chassis.log.topics import policies
from services.chassis.log_url import parse_log_url
from services.kernel.errors import NotFound, Unavailable
from services.matcher.domain.partners.partner_topic import topic_of
from tests.servers.kafka import KafkaServer
from tests.unit.deploy.manifests import SERVICES, Manifest, named

USERS = named("production", "KafkaUser")
(PARTNER,) = (name for name in USERS if name not in SERVICES)
ID = PARTNER.removeprefix("partner-")
SECONDS = 20.0


@pytest.fixture(scope="module")
def broker() -> Iterator[KafkaServer]:
    """A broker with the topics of the house, those of two partners, and the users of the manifests."""
    with KafkaServer(rights=True) as server:
        kept = dict.fromkeys((topic_of(ID), topic_of("1" * len(ID))), TopicPolicy.RETAIN_30_DAYS)
        with closing(open_log(server.url)) as log:
            log.ensure_topics({**policies(), **kept})
            log.append([Record(topic, "k", b"before") for topic in (*policies(), *kept)])
        admin = KafkaAdminClient(bootstrap_servers=server.bootstrap)
        admin.create_acls([acl for name, user in USERS.items() for acl in _acls(name, user)])
        admin.close()
        yield server


def _acls(name: str, user: Manifest) -> Iterator[ACL]:
    """What Strimzi's operator asks of the broker for a user that shows a certificate."""
    for each in user["spec"]["authorization"]["acls"]:
        resource = each["resource"]
        pattern = ResourcePattern(
            ResourceType[resource["type"].upper()],
            resource["name"],
            ACLResourcePatternType.PREFIXED
            if resource.get("patternType") == "prefix"
            else ACLResourcePatternType.LITERAL,
        )
        for operation in each["operations"]:
            allowed = ACLOperation[
                "DESCRIBE_CONFIGS" if operation == "DescribeConfigs" else operation.upper()
            ]
            yield ACL(f"User:CN={name}", "*", allowed, ACLPermissionType.ALLOW, pattern)


def _operations(name: str, operation: str) -> set[str]:
    """The topics of the house on which a user may do this."""
    acls = USERS[name]["spec"]["authorization"]["acls"]
    return {each["resource"]["name"] for each in acls if operation in each["operations"]} & set(policies())


def _refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except (Unavailable, NotFound):
        return True
    return False


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_writes_what_it_owns_reads_what_it_follows_and_touches_nothing_else(
    broker: KafkaServer, tmp_path: Path, service: str
) -> None:
    url = broker.url_under_tls(broker.authority.issue(tmp_path, service))
    given = parse_log_url(url)
    with closing(KafkaLog(given.address, tls=given.tls, timeout_seconds=SECONDS)) as log:
        log.ensure_topics(policies())
        writes, reads = _operations(service, "Write"), _operations(service, "Read")
        for topic in sorted(writes):
            log.append([Record(topic, "k", b"of its own")])
        for topic in sorted(reads):
            assert log.read(topic, 0, 1, SECONDS)[0].value == b"before"
            assert log.identity(topic)
    brief = KafkaLog(given.address, tls=given.tls, timeout_seconds=2.0)
    with closing(brief):
        for topic in sorted(set(policies()) - writes):
            assert _refused(partial(brief.append, [Record(topic, "k", b"strange")])), topic
    with closing(KafkaLog(given.address, tls=given.tls, timeout_seconds=2.0)) as other:
        strange = {"bole.strange.v1": TopicPolicy.COMPACT}
        assert _refused(lambda: other.ensure_topics(strange))
        made = {topic_of("2" * len(ID)): TopicPolicy.RETAIN_30_DAYS}
        assert _refused(lambda: other.ensure_topics(made)) == (service != "matcher")


def test_a_partner_reads_its_own_topic_in_groups_of_its_own_and_nothing_else(
    broker: KafkaServer, tmp_path: Path
) -> None:
    given = parse_log_url(broker.url_under_tls(broker.authority.issue(tmp_path, PARTNER)))
    options = client_options(given.address, given.tls, SECONDS)

    def read(topic: str, group: str) -> list[Any]:
        with closing(
            KafkaConsumer(
                topic, **options, group_id=group, auto_offset_reset="earliest", enable_auto_commit=False
            )
        ) as consumer:
            found = consumer.poll(timeout_ms=int(SECONDS * 1000), max_records=1)
            consumer.commit()
        return [record.value for records in found.values() for record in records]

    assert read(topic_of(ID), f"{ID}-store") == [b"before"]
    with pytest.raises(GroupAuthorizationFailedError):
        read(topic_of(ID), "somebody")
    # who may read a topic may have it described
    with closing(KafkaAdminClient(**options)) as admin:
        told = admin.describe_topics([topic_of(ID), topic_of("1" * len(ID)), *policies()])
    refused = TopicAuthorizationFailedError.errno
    assert {each["name"]: each["error_code"] for each in told} == {
        topic_of(ID): 0,
        topic_of("1" * len(ID)): refused,
        **dict.fromkeys(policies(), refused),
    }
    with (
        closing(KafkaProducer(**options, enable_idempotence=False)) as producer,
        pytest.raises(TopicAuthorizationFailedError),
    ):
        producer.send(topic_of(ID), b"forged", b"k").get(SECONDS)
