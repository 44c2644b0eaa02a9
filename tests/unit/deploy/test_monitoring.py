"""Alerts speak of metrics that exist, and certificates of names that callers use."""

import re

import pytest

from services.chassis.rpc.server import STREAMS_A_CONNECTION
from services.chassis.telemetry.metrics import Metrics
from tests.unit.deploy.manifests import OVERLAYS, ROOT, SERVICES, named, service_workloads

MONITORED = [overlay for overlay in OVERLAYS if named(overlay, "PrometheusRule")]
_METRIC = re.compile(r"\b(?:bole|kube|kubelet|cnpg|barman_cloud)_[a-z_]+")
# What kube-state-metrics tells of jobs.
OF_JOBS = {
    "kube_cronjob_created",
    "kube_cronjob_status_last_successful_time",
    "kube_job_created",
    "kube_job_failed",
}

# What the kubelet tells of volumes, the exporter of CloudNativePG of an instance (its default queries), and its plugin
# of backups: https://cloudnative-pg.io/plugin-barman-cloud/docs/observability
OF_ENGINES = {
    "kubelet_volume_stats_available_bytes",
    "kubelet_volume_stats_capacity_bytes",
    "cnpg_pg_replication_streaming_replicas",
    "cnpg_pg_stat_archiver_last_archived_time",
    "cnpg_pg_stat_archiver_last_failed_time",
    "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp",
}
EXPORTER = 9187


def exported() -> set[str]:
    """The names of the samples that a process shows, those with labels too, whose values come with the first use."""
    suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
    found = Metrics("trial").registry.collect()
    return {f"{each.name}{suffix}" for each in found for suffix in suffixes[each.type]}


def test_every_metric_is_told() -> None:
    declared = set(vars(Metrics("trial"))) - {"registry", "service"}
    code = "".join(path.read_text() for path in (ROOT / "services").rglob("*.py"))
    assert declared - set(re.findall(r"metrics\.(\w+)", code)) == set()


def test_staging_and_production_are_watched() -> None:
    assert MONITORED == ["production", "staging"]


@pytest.mark.parametrize("overlay", MONITORED)
def test_alerts_speak_of_metrics_that_exist(overlay: str) -> None:
    for rule in named(overlay, "PrometheusRule").values():
        for group in rule["spec"]["groups"]:
            for alert in group["rules"]:
                spoken = set(_METRIC.findall(alert["expr"]))
                assert spoken, alert["alert"]
                assert spoken <= exported() | OF_JOBS | OF_ENGINES, alert["alert"]
                assert alert["labels"]["severity"] in {"page", "ticket"}
                assert " / " in alert["annotations"]["summary"], "Chinese and English"


@pytest.mark.parametrize("overlay", MONITORED)
def test_somebody_is_told_of_events_feeds_index_streams_calls_and_jobs(overlay: str) -> None:
    (rule,) = named(overlay, "PrometheusRule").values()
    said = {alert["alert"]: alert["expr"] for group in rule["spec"]["groups"] for alert in group["rules"]}
    spoken = {metric for expression in said.values() for metric in _METRIC.findall(expression)}
    assert spoken >= {
        "bole_outbox_age_seconds",
        "bole_feed_lag_records",
        "bole_dead_letters",
        "bole_loop_failures_total",
        "bole_rpc_handled_total",
        "kube_job_failed",
        *OF_ENGINES,
    }
    assert "bole_feed_lag_records{pod=~" in said["BoleIndexAges"]
    near = int(said["BoleStreamsNearTheirBound"].rpartition(">")[2])
    assert near == STREAMS_A_CONNECTION * 0.8
    assert named(overlay, "Namespace").keys() == set(re.findall('namespace="([^"]+)"', str(said)))


@pytest.mark.parametrize("overlay", MONITORED)
def test_whoever_serves_is_scraped(overlay: str) -> None:
    monitor = named(overlay, "PodMonitor")["bole"]
    wanted = monitor["spec"]["selector"]["matchLabels"].items()
    for name in SERVICES:
        template = service_workloads(overlay)[name]["spec"]["template"]
        assert wanted <= template["metadata"]["labels"].items()
        ports = {port["name"] for port in template["spec"]["containers"][0]["ports"]}
        assert {each["port"] for each in monitor["spec"]["podMetricsEndpoints"]} <= ports


@pytest.mark.parametrize("overlay", MONITORED)
def test_every_database_is_scraped_and_lets_prometheus_in(overlay: str) -> None:
    wanted = named(overlay, "PodMonitor")["postgres"]["spec"]["selector"]["matchLabels"].items()
    for cluster in named(overlay, "Cluster").values():
        assert wanted <= cluster["spec"]["inheritedMetadata"]["labels"].items()
    policy = named(overlay, "NetworkPolicy")["postgres"]["spec"]
    assert policy["podSelector"]["matchLabels"].items() == wanted
    ways = [rule for rule in policy["ingress"] if {"protocol": "TCP", "port": EXPORTER} in rule["ports"]]
    names = [each["namespaceSelector"]["matchLabels"] for rule in ways for each in rule["from"]]
    assert names == [{"kubernetes.io/metadata.name": "monitoring"}]


@pytest.mark.parametrize("overlay", MONITORED)
def test_certificates_name_the_services_and_both_ends_of_a_call(overlay: str) -> None:
    certificates = named(overlay, "Certificate")
    for name in SERVICES:
        spec = certificates[name]["spec"]
        assert {name, f"{name}.bole.svc"} <= set(spec["dnsNames"])
        assert set(spec["usages"]) == {"server auth", "client auth"}
        mounted = service_workloads(overlay)[name]["spec"]["template"]["spec"]["volumes"]
        assert spec["secretName"] in {volume.get("secret", {}).get("secretName") for volume in mounted}
