"""What the operators of the engines are asked for: topics and rights as the code has them, and sizes that hold."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from services.chassis import topics
from services.chassis.journal import Topic
from services.chassis.kafka_log import SETTINGS
from services.chassis.topics import policies
from services.matcher.domain.partner_topic import topic_of
from tests.unit.deploy.manifests import OVERLAYS, ROOT, SERVICES, Manifest, container, named, pod

TELLS = {
    "talent": topics.TALENT_TELLS,
    "funding": topics.FUNDING_TELLS,
    "matcher": topics.MATCHER_TELLS,
}
PARTNERS = "bole.partner."
ARCHIVER = "barman-cloud.cloudnative-pg.io"
FULL = [overlay for overlay in OVERLAYS if overlay != "dev"]


@cache
def names_of_topics(service: str) -> set[str]:
    """The topics that a service's code imports by name."""
    found = set()
    for path in (ROOT / "services" / service).rglob("*.py"):
        for name in _imported(path):
            value = getattr(topics, name)
            if isinstance(value, Topic):
                found.add(value.name)
    return found


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "services.chassis.topics":
            yield from (alias.name for alias in node.names)


def rights(user: Manifest, operation: str) -> set[str]:
    """The topics on which a user may do this, those of partners left out."""
    acls = [acl for acl in user["spec"]["authorization"]["acls"] if acl["resource"]["name"] != PARTNERS]
    return {acl["resource"]["name"] for acl in acls if operation in acl["operations"]}


@pytest.mark.parametrize("overlay", FULL)
def test_the_topics_are_those_of_the_code(overlay: str) -> None:
    found = named(overlay, "KafkaTopic")
    assert set(found) == set(policies())
    for name, policy in policies().items():
        spec = found[name]["spec"]
        assert spec["partitions"] == 1
        kept = {key: value for key, value in spec["config"].items() if key != "min.insync.replicas"}
        assert kept == SETTINGS[policy]
        assert int(spec["config"]["min.insync.replicas"]) < max(2, spec["replicas"])


@pytest.mark.parametrize("overlay", FULL)
def test_a_service_may_touch_the_topics_that_its_code_names_and_no_others(overlay: str) -> None:
    users = named(overlay, "KafkaUser")
    assert set(users) == set(SERVICES)
    owners: dict[str, str] = {}
    for name, user in users.items():
        dead = {topic for topic in rights(user, "Write") if topic.endswith(".dlq")}
        own = rights(user, "Write") - dead
        followed = {topic.removesuffix(".dlq") for topic in dead}
        assert own | followed == names_of_topics(name)
        assert rights(user, "Read") == own | followed
        assert own == {topic.name for topic in TELLS[name]} | {f"bole.{name}-audit.v1"}
        assert not owners.keys() & own
        owners |= dict.fromkeys(own, name)
        assert user["spec"]["authentication"] == {"type": "tls"}
        assert rights(user, "Describe") == {"bole."}
    assert set(owners) == {name for name in policies() if not name.endswith(".dlq")}


@pytest.mark.parametrize("overlay", FULL)
def test_the_matcher_alone_makes_and_writes_the_topics_of_partners_and_no_service_reads_them(
    overlay: str,
) -> None:
    found = {
        name: acl
        for name, user in named(overlay, "KafkaUser").items()
        for acl in user["spec"]["authorization"]["acls"]
        if acl["resource"]["name"] == PARTNERS
    }
    assert list(found) == ["matcher"]
    assert found["matcher"]["resource"]["patternType"] == "prefix"
    assert set(found["matcher"]["operations"]) == {"Create", "Write"}
    assert topic_of("a").startswith(PARTNERS)


@pytest.mark.parametrize("overlay", FULL)
def test_the_log_takes_only_users_of_its_own(overlay: str) -> None:
    kafka = named(overlay, "Kafka")["bole"]["spec"]["kafka"]
    (listener,) = kafka["listeners"]
    assert listener["tls"] is True
    assert listener["authentication"] == {"type": "tls"}
    assert kafka["authorization"] == {"type": "simple"}
    assert kafka["config"]["auto.create.topics.enable"] is False


def test_production_loses_nothing_with_one_instance_of_an_engine() -> None:
    kafka = named("production", "Kafka")["bole"]["spec"]["kafka"]["config"]
    brokers = named("production", "KafkaNodePool")["brokers"]["spec"]["replicas"]
    assert 1 < kafka["min.insync.replicas"] < kafka["default.replication.factor"] <= brokers
    assert named("production", "KafkaNodePool")["controllers"]["spec"]["replicas"] >= 3
    for cluster in named("production", "Cluster").values():
        assert cluster["spec"]["instances"] >= 3
        assert cluster["spec"]["postgresql"]["synchronous"]["number"] >= 1


@pytest.mark.parametrize("overlay", FULL)
def test_every_service_has_a_database_of_its_own_that_can_be_put_back_to_a_moment(overlay: str) -> None:
    clusters = named(overlay, "Cluster")
    assert set(clusters) == {f"{name}-postgres" for name in SERVICES}
    backups = {
        item["spec"]["cluster"]["name"]: item["spec"] for item in named(overlay, "ScheduledBackup").values()
    }
    assert set(backups) == set(clusters)
    stores = named(overlay, "ObjectStore")
    for name, cluster in clusters.items():
        (plugin,) = cluster["spec"]["plugins"]
        assert (plugin["name"], plugin["isWALArchiver"]) == (ARCHIVER, True)
        assert (backups[name]["method"], backups[name]["pluginConfiguration"]) == (
            "plugin",
            {"name": ARCHIVER},
        )
        store = stores.pop(plugin["parameters"]["barmanObjectName"])["spec"]
        assert re.fullmatch(
            "[1-9][0-9]*d", store["retentionPolicy"]
        )  # without it, erased people stay in it for ever
        assert store["configuration"]["endpointURL"].startswith("https:")
        secrets = {each["name"] for each in store["configuration"]["s3Credentials"].values()}
        assert secrets == {f"{name}-backups"}
    assert not stores


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_who_was_erased_is_listed_daily_where_no_restore_reaches(overlay: str) -> None:
    item = named(overlay, "CronJob")["erasures-talent"]
    module, command, path = container(item)["args"]
    assert (module, command) == ("services.talent", "erasures")
    assert re.fullmatch(r"[0-9]+ [0-9]+ \* \* \*", item["spec"]["schedule"])
    (volume,) = (
        each["name"] for each in container(item)["volumeMounts"] if path.startswith(each["mountPath"])
    )
    (claim,) = (each["persistentVolumeClaim"] for each in pod(item)["volumes"] if each["name"] == volume)
    assert claim["claimName"] in named(overlay, "PersistentVolumeClaim")
