"""What the operators of the engines are asked for: topics and rights as the code has them, and sizes that hold."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from ipaddress import ip_network
from pathlib import Path

import pytest
import yaml

from services.chassis.log import topics
from services.chassis.log.kafka_log import SETTINGS
from services.chassis.log.topics import policies
from services.chassis.outbox.journal import Topic
from services.chassis.storage.db import CONNECTIONS
from services.kernel.clock import SystemClock
from services.kernel.ids import TimeOrderedIds
from services.matcher.domain.partners.partner_topic import topic_of
from tests.unit.deploy.manifests import (
    OVERLAYS,
    ROOT,
    SERVICES,
    Manifest,
    container,
    named,
    pod,
    service_workloads,
    template,
)

TELLS = {
    "talent": topics.TALENT_TELLS,
    "funding": topics.FUNDING_TELLS,
    "matcher": topics.MATCHER_TELLS,
}
PARTNERS, PARTNER = "bole.partner.", "partner-"
ARCHIVER = "barman-cloud.cloudnative-pg.io"
LISTED = {"erasures-talent": "erasures", "revocations-matcher": "revocations"}
AGAIN = {"erasures-talent": "erase-again", "revocations-matcher": "revoke-again"}
FURTHER = 32
"""Connections of jobs, replicas and the operator, and those kept for its owner."""
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
    module = "services.chassis.log.topics"
    if module not in (text := path.read_text("utf-8")):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module == module:
            yield from (alias.name for alias in node.names)


def rights(user: Manifest, operation: str) -> set[str]:
    """The topics on which a user may do this, those of partners left out."""
    acls = [acl for acl in user["spec"]["authorization"]["acls"] if acl["resource"]["name"] != PARTNERS]
    return {acl["resource"]["name"] for acl in acls if operation in acl["operations"]}


def users(overlay: str, *, partners: bool = False) -> dict[str, Manifest]:
    """The users of the log that are services, or those that are partners."""
    found = named(overlay, "KafkaUser")
    return {name: user for name, user in found.items() if name.startswith(PARTNER) == partners}


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
    assert set(users(overlay)) == set(SERVICES)
    owners: dict[str, str] = {}
    for name, user in users(overlay).items():
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
        for name, user in users(overlay).items()
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
    for listener in kafka["listeners"]:
        assert listener["tls"] is True
        assert listener["authentication"] == {"type": "tls"}
    assert kafka["authorization"] == {"type": "simple"}
    assert kafka["config"]["auto.create.topics.enable"] is False


@pytest.mark.parametrize("overlay", FULL)
def test_partners_come_in_by_a_listener_of_their_own_and_from_their_networks_alone(overlay: str) -> None:
    kafka = named(overlay, "Kafka")["bole"]["spec"]["kafka"]
    inside, *outside = kafka["listeners"]
    assert inside["type"] == "internal"
    assert bool(outside) == bool(users(overlay, partners=True))
    assert len({(each["name"], each["port"]) for each in kafka["listeners"]}) == len(kafka["listeners"])
    for listener in outside:
        configured = listener["configuration"]
        networks = [peer["ipBlock"]["cidr"] for peer in listener["networkPolicyPeers"]]
        (rule,) = named(overlay, "NetworkPolicy")["kafka-partners"]["spec"]["ingress"]
        assert [peer["ipBlock"]["cidr"] for peer in rule["from"]] == networks
        assert [each["port"] for each in rule["ports"]] == [listener["port"]]
        assert configured["loadBalancerSourceRanges"] == networks
        assert all(ip_network(each).prefixlen > 0 for each in networks)
        # else the address that is judged is that of a node, and every partner's
        assert configured["externalTrafficPolicy"] == "Local"
        assert configured["bootstrap"]["alternativeNames"]


@pytest.mark.parametrize("overlay", FULL)
def test_a_partner_reads_its_own_topic_and_nothing_else(overlay: str) -> None:
    for name, user in users(overlay, partners=True).items():
        id_, spec = name.removeprefix(PARTNER), user["spec"]
        assert spec["authentication"] == {"type": "tls"}
        assert spec["authorization"] == {
            "type": "simple",
            "acls": [
                {"resource": {"type": "topic", "name": topic_of(id_)}, "operations": ["Describe", "Read"]},
                {"resource": {"type": "group", "name": id_, "patternType": "prefix"}, "operations": ["Read"]},
            ],
        }
        assert len(id_) == len(TimeOrderedIds(SystemClock()).new())  # no id begins another one
        assert 0 < spec["quotas"]["requestPercentage"] < 100
        assert spec["quotas"]["consumerByteRate"] > 0


def test_production_loses_nothing_with_one_instance_of_an_engine() -> None:
    kafka = named("production", "Kafka")["bole"]["spec"]["kafka"]["config"]
    brokers = named("production", "KafkaNodePool")["brokers"]["spec"]["replicas"]
    assert 1 < kafka["min.insync.replicas"] < kafka["default.replication.factor"] <= brokers
    assert named("production", "KafkaNodePool")["controllers"]["spec"]["replicas"] >= 3
    for cluster in named("production", "Cluster").values():
        assert cluster["spec"]["instances"] >= 3
        assert cluster["spec"]["postgresql"]["synchronous"]["number"] >= 1


@pytest.mark.parametrize("overlay", FULL)
@pytest.mark.parametrize("service", SERVICES)
def test_a_database_takes_the_connections_of_as_many_replicas_as_there_may_be(
    overlay: str, service: str
) -> None:
    workload = service_workloads(overlay)[service]
    scaled = named(overlay, "HorizontalPodAutoscaler").get(service, {}).get("spec", {}).get("maxReplicas")
    surge = workload["spec"].get("strategy", {}).get("rollingUpdate", {}).get("maxSurge", 0)
    replicas = (scaled or workload["spec"]["replicas"]) + surge
    cluster = named(overlay, "Cluster")[f"{service}-postgres"]["spec"]
    most = int(cluster["postgresql"]["parameters"]["max_connections"])
    assert replicas * CONNECTIONS + FURTHER <= most


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
@pytest.mark.parametrize(("job", "command"), LISTED.items())
def test_what_a_restore_must_not_bring_back_is_listed_daily_where_none_reaches(
    overlay: str, job: str, command: str
) -> None:
    item = named(overlay, "CronJob")[job]
    module, told, path = container(item)["args"]
    assert (module, told) == (f"services.{job.partition('-')[2]}", command)
    assert re.fullmatch(r"[0-9]+ [0-9]+ \* \* \*", item["spec"]["schedule"])
    (volume,) = (
        each["name"] for each in container(item)["volumeMounts"] if path.startswith(each["mountPath"])
    )
    (claim,) = (each["persistentVolumeClaim"] for each in pod(item)["volumes"] if each["name"] == volume)
    assert claim["claimName"] in named(overlay, "PersistentVolumeClaim")


@pytest.mark.parametrize(("job", "again"), AGAIN.items())
def test_what_the_readme_changes_for_a_restore_is_one_argument(job: str, again: str) -> None:
    readme = (ROOT / "deploy/k8s/README.md").read_text()
    pattern = rf"--from=cronjob/{job} --dry-run=client -o yaml \| sed 's/(- [^/]+\$)/(- [^/]+)/'"
    ((before, after),) = re.findall(pattern, readme)
    made = template(named("production", "CronJob")[job])
    changed = yaml.safe_load(re.sub(before, after, yaml.safe_dump(made), flags=re.MULTILINE))
    args = made["spec"]["containers"][0]["args"]
    assert changed["spec"]["containers"][0].pop("args") == [args[0], again, *args[2:]]


def test_what_accepts_the_log_of_a_restore_is_one_argument_of_who_serves() -> None:
    readme = (ROOT / "deploy/k8s/README.md").read_text()
    (patch,) = re.findall(r"-p '(\[\{[^']+)'", readme)
    assert json.loads(patch) == [
        {"op": "replace", "path": "/spec/template/spec/containers/0/args/1", "value": "accept-log"}
    ]
    for name in SERVICES:
        assert container(service_workloads("production")[name])["args"] == [f"services.{name}", "serve"]


def test_a_restore_wakes_what_no_autoscaler_does() -> None:
    (scaled,) = re.findall(
        r"`kubectl scale ([^`]+) --replicas=2`", (ROOT / "deploy/k8s/README.md").read_text()
    )
    targets = [
        each["spec"]["scaleTargetRef"]["name"]
        for each in named("production", "HorizontalPodAutoscaler").values()
    ]
    assert {f"deployment/{name}" for name in targets} == set(scaled.split())
