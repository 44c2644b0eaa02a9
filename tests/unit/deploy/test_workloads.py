"""Every overlay builds, validates strictly, and its workloads keep the rules of a restricted cluster."""

import re
from collections.abc import Iterator
from functools import cache

import kubernetes_validate
import pytest
from kubernetes_validate import utils

from services.chassis.process.process import OF_THE_DATABASE
from services.chassis.settings import describe, load_settings
from tests.unit.deploy.manifests import (
    OVERLAYS,
    ROOT,
    SERVICES,
    Manifest,
    built,
    container,
    files,
    group,
    named,
    pod,
    service_workloads,
    settings,
    workloads,
)
from tests.unit.deploy.rules import OF_KUBERNETES

VERSIONS = ("1.32", "1.35", "1.37")
OF_POSTGRESQL = {"PGSSLMODE", "PGSSLROOTCERT"}


@pytest.fixture(scope="module")
def schemas_read_once() -> Iterator[None]:
    """The validator reads megabytes of schemas anew for each object."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(utils, "schema_contents", cache(utils.schema_contents))
        yield


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_object_is_valid_to_the_letter(schemas_read_once: None, overlay: str, version: str) -> None:
    for item in built(overlay):
        if group(item) in OF_KUBERNETES:
            kubernetes_validate.validate(item, version, strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_pods_are_restricted(overlay: str) -> None:
    for item in workloads(overlay):
        spec, only = pod(item), container(item)
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["automountServiceAccountToken"] is False
        assert only["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"cpu", "memory"} <= set(only["resources"]["requests"])
        assert "memory" in only["resources"]["limits"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_probes_ask_on_a_plain_port_that_the_settings_name(overlay: str) -> None:
    defaults = load_settings({})
    for name in SERVICES:
        only = container(service_workloads(overlay)[name])
        ports = {port["name"]: port["containerPort"] for port in only["ports"]}
        assert ports["grpc"] == _port(getattr(defaults, f"{name}_address"))
        shared = settings(overlay)
        assert ports["grpc"] == _port(shared[f"BOLE_{name.upper()}_ADDRESS"])
        assert ports["metrics"] == _port(shared[f"BOLE_{name.upper()}_METRICS_ADDRESS"])
        if "BOLE_TLS_DIR" in shared:
            assert ports["health"] == _port(shared[f"BOLE_{name.upper()}_HEALTH_ADDRESS"])
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            assert only[probe]["grpc"]["port"] == ports["health" if "BOLE_TLS_DIR" in shared else "grpc"]
        assert only["readinessProbe"]["grpc"]["service"].startswith(f"bole.{name}.v1.")
        assert only["livenessProbe"]["grpc"]["service"] == "liveness"


def _port(address: str) -> int:
    return int(address.rpartition(":")[2])


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_environment_names_are_known_and_values_are_taken(overlay: str) -> None:
    known = {name for name, _default, _meaning in describe()}
    known |= {f"{name}_FILE" for name in known} | OF_POSTGRESQL
    load_settings(settings(overlay))
    for item in workloads(overlay):
        assert {entry["name"] for entry in container(item).get("env", ())} <= known


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_file_that_a_setting_names_is_mounted(overlay: str) -> None:
    for item in workloads(overlay):
        mounted = files(item)
        for entry in container(item)["env"]:
            if entry["value"].startswith("/"):
                directory, _, name = entry["value"].rpartition("/")
                assert name in mounted[directory], entry
        if container(item)["args"][1] not in OF_THE_DATABASE:
            _check_certificates(mounted, settings(overlay))


def _check_certificates(mounted: dict[str, set[str]], shared: dict[str, str]) -> None:
    """The directories of certificates: a cert-manager secret has the names by itself, another one must be renamed."""
    if "BOLE_TLS_DIR" in shared:
        assert shared["BOLE_TLS_DIR"] in mounted
    found = re.search(r"[?]tls=(.*)", shared["BOLE_LOG_URL"])
    if found and "/etc/bole/database" in mounted:  # whoever has a database has events
        assert mounted[found[1]] == {"tls.crt", "tls.key", "ca.crt"}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_secret_is_in_an_environment(overlay: str) -> None:
    for item in workloads(overlay):
        assert all("valueFrom" not in entry for entry in container(item)["env"])
        assert all("secretRef" not in source for source in container(item)["envFrom"])


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_service_has_budget_policy_account_and_jobs(overlay: str) -> None:
    for name in SERVICES:
        for kind in ("PodDisruptionBudget", "NetworkPolicy", "ServiceAccount", "Service"):
            assert name in named(overlay, kind)
        job = named(overlay, "Job")[f"migrate-{name}"]
        assert container(job)["args"] == [f"services.{name}", "migrate"]
        nightly = named(overlay, "CronJob")[f"scrub-{name}"]
        assert container(nightly)["args"] == [f"services.{name}", "scrub"]
        assert nightly["spec"]["concurrencyPolicy"] == "Forbid"
        once = nightly["spec"]["jobTemplate"]["spec"]
        assert once["backoffLimit"] == 0  # each attempt locks all tables
        longest = nightly["spec"]["startingDeadlineSeconds"] + once["activeDeadlineSeconds"]
        assert longest <= 3600  # then the backups begin
    assert named(overlay, "NetworkPolicy")["default-deny"]["spec"]["podSelector"] == {}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_pod_has_time_to_drain(overlay: str) -> None:
    drain = int(settings(overlay)["BOLE_DRAIN_SECONDS"])
    for item in service_workloads(overlay).values():
        assert pod(item)["terminationGracePeriodSeconds"] > drain + 30


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_secret_stands_in_the_manifests(overlay: str) -> None:
    assert not named(overlay, "Secret")


def test_production_names_its_image_by_digest_and_leaves_replicas_to_the_autoscaler() -> None:
    for item in workloads("production"):
        assert re.fullmatch(r"[^@]+@sha256:[0-9a-f]{64}", container(item)["image"])
    for name in named("production", "HorizontalPodAutoscaler"):
        assert "replicas" not in _deployment(name)["spec"]


def _deployment(name: str) -> Manifest:
    return named("production", "Deployment")[name]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_release_deletes_the_migrations_of_the_one_before_by_name(overlay: str) -> None:
    readme = (ROOT / "deploy/k8s/README.md").read_text()
    ((namespace, names),) = re.findall(
        r"kubectl -n (\S+) delete jobs (migrate-.+) --ignore-not-found", readme
    )
    jobs = named(overlay, "Job")
    assert set(names.split()) == set(jobs) == {f"migrate-{name}" for name in SERVICES}
    assert {job["metadata"]["namespace"] for job in jobs.values()} == {namespace}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_restore_applies_the_migrations_alone(overlay: str) -> None:
    readme = (ROOT / "deploy/k8s/README.md").read_text()
    ((label, value),) = re.findall(r"apply -k overlays/production -l (\S+)=([^`]+)`", readme)
    chosen = [item for item in built(overlay) if item["metadata"].get("labels", {}).get(label) == value]
    assert {item["metadata"]["name"] for item in chosen} == {f"migrate-{name}" for name in SERVICES}


def test_the_claim_and_the_pod_that_a_failed_zone_leaves_have_the_names_of_the_readme() -> None:
    readme = (ROOT / "deploy/k8s/README.md").read_text()
    (claim,) = re.findall(r"delete pvc (\S+) --wait=false`", readme)
    (left,) = re.findall(r"delete pod ([^`]+)`", readme)
    (matcher,) = named("production", "StatefulSet").values()
    (made,) = matcher["spec"]["volumeClaimTemplates"]
    assert left == f"{matcher['metadata']['name']}-0"
    assert claim == f"{made['metadata']['name']}-{left}"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_applying_wakes_what_a_restore_has_suspended(overlay: str) -> None:
    for item in named(overlay, "CronJob").values():
        assert item["spec"]["suspend"] is False
