"""Every overlay builds, validates strictly, and keeps the rules between its objects."""

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from services.chassis.settings import describe, load_settings

ROOT = Path(__file__).resolve().parents[3]
OVERLAYS = sorted(path.name for path in (ROOT / "deploy/k8s/overlays").iterdir())
WORKLOADS = {"Deployment", "StatefulSet", "Job"}
VERSIONS = ("1.32", "1.35", "1.37")


@cache
def built(overlay: str) -> list[dict[str, Any]]:
    """The objects of an overlay, as kustomize renders them."""
    kubectl = Path(sys.executable).with_name("kubectl")
    output = subprocess.run(
        [kubectl, "kustomize", ROOT / "deploy/k8s/overlays" / overlay], capture_output=True, check=True
    )
    return [item for item in yaml.safe_load_all(output.stdout) if item]


def workloads(overlay: str) -> list[dict[str, Any]]:
    return [item for item in built(overlay) if item["kind"] in WORKLOADS]


def pod(item: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = item["spec"]["template"]["spec"]
    return spec


def named(overlay: str, kind: str) -> dict[str, dict[str, Any]]:
    return {item["metadata"]["name"]: item for item in built(overlay) if item["kind"] == kind}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_object_is_valid_to_the_letter(overlay: str, version: str) -> None:
    for item in built(overlay):
        kubernetes_validate.validate(item, version, strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_pods_are_restricted(overlay: str) -> None:
    for item in workloads(overlay):
        spec = pod(item)
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["automountServiceAccountToken"] is False
        for container in spec["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert {"cpu", "memory"} <= set(container["resources"]["requests"])
            assert "memory" in container["resources"]["limits"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_probes_speak_grpc_on_the_port_of_the_settings(overlay: str) -> None:
    defaults = load_settings({})
    for name in ("talent", "funding", "matcher"):
        item = {**named(overlay, "Deployment"), **named(overlay, "StatefulSet")}[name]
        container = pod(item)["containers"][0]
        port = int(getattr(defaults, f"{name}_address").rsplit(":", 1)[1])
        assert {p["name"]: p["containerPort"] for p in container["ports"]}["grpc"] == port
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            assert container[probe]["grpc"]["port"] == port
        assert container["readinessProbe"]["grpc"]["service"].startswith(f"bole.{name}.v1.")
        assert container["livenessProbe"]["grpc"]["service"] == "liveness"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_selectors_meet_pods(overlay: str) -> None:
    labels = [item["spec"]["template"]["metadata"]["labels"] for item in workloads(overlay)]
    for kind in ("Service", "PodDisruptionBudget"):
        for item in named(overlay, kind).values():
            wanted = item["spec"]["selector"]
            wanted = wanted.get("matchLabels", wanted)
            assert any(wanted.items() <= have.items() for have in labels), item["metadata"]["name"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_environment_names_are_known_settings(overlay: str) -> None:
    known = {name for name, _default, _meaning in describe()}
    for item in named(overlay, "ConfigMap").values():
        assert set(item["data"]) <= known
    for item in workloads(overlay):
        for container in pod(item)["containers"]:
            assert {entry["name"] for entry in container.get("env", ())} <= known


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_service_has_budget_policy_account_and_migration(overlay: str) -> None:
    for name in ("talent", "funding", "matcher"):
        for kind in ("PodDisruptionBudget", "NetworkPolicy", "ServiceAccount", "Service"):
            assert name in named(overlay, kind)
        job = named(overlay, "Job")[f"migrate-{name}"]
        assert pod(job)["containers"][0]["args"] == [f"services.{name}", "migrate"]
    assert named(overlay, "NetworkPolicy")["default-deny"]["spec"]["podSelector"] == {}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_pod_has_time_to_drain(overlay: str) -> None:
    drain = int(next(iter(named(overlay, "ConfigMap").values()))["data"]["BOLE_DRAIN_SECONDS"])
    for kind in ("Deployment", "StatefulSet"):
        for item in named(overlay, kind).values():
            assert pod(item)["terminationGracePeriodSeconds"] > drain + 30


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_secret_stands_in_the_manifests(overlay: str) -> None:
    assert not named(overlay, "Secret")
