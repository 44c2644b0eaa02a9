"""Alerts speak of metrics that exist, and certificates of names that callers use."""

import re

import pytest

from services.chassis.telemetry.metrics import Metrics
from tests.unit.deploy.manifests import OVERLAYS, SERVICES, named, service_workloads

MONITORED = [overlay for overlay in OVERLAYS if named(overlay, "PrometheusRule")]
_METRIC = re.compile(r"\bbole_[a-z_]+")


def exported() -> set[str]:
    """The names of the samples that a process shows, those with labels too, whose values come with the first use."""
    suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
    found = Metrics("trial").registry.collect()
    return {f"{each.name}{suffix}" for each in found for suffix in suffixes[each.type]}


def test_staging_and_production_are_watched() -> None:
    assert MONITORED == ["production", "staging"]


@pytest.mark.parametrize("overlay", MONITORED)
def test_alerts_speak_of_metrics_that_exist(overlay: str) -> None:
    for rule in named(overlay, "PrometheusRule").values():
        for group in rule["spec"]["groups"]:
            for alert in group["rules"]:
                spoken = set(_METRIC.findall(alert["expr"]))
                assert spoken, alert["alert"]
                assert spoken <= exported(), alert["alert"]
                assert alert["labels"]["severity"] in {"page", "ticket"}
                assert " / " in alert["annotations"]["summary"], "Chinese and English"


@pytest.mark.parametrize("overlay", MONITORED)
def test_whoever_serves_is_scraped(overlay: str) -> None:
    (monitor,) = named(overlay, "PodMonitor").values()
    wanted = monitor["spec"]["selector"]["matchLabels"].items()
    for name in SERVICES:
        template = service_workloads(overlay)[name]["spec"]["template"]
        assert wanted <= template["metadata"]["labels"].items()
        ports = {port["name"] for port in template["spec"]["containers"][0]["ports"]}
        assert {each["port"] for each in monitor["spec"]["podMetricsEndpoints"]} <= ports


@pytest.mark.parametrize("overlay", MONITORED)
def test_certificates_name_the_services_and_both_ends_of_a_call(overlay: str) -> None:
    certificates = named(overlay, "Certificate")
    for name in SERVICES:
        spec = certificates[name]["spec"]
        assert {name, f"{name}.bole.svc"} <= set(spec["dnsNames"])
        assert set(spec["usages"]) == {"server auth", "client auth"}
        mounted = service_workloads(overlay)[name]["spec"]["template"]["spec"]["volumes"]
        assert spec["secretName"] in {volume.get("secret", {}).get("secretName") for volume in mounted}
