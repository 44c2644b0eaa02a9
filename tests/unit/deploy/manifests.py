"""The manifests as kustomize builds them, and questions about them that several tests ask."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
OVERLAYS = sorted(path.name for path in (ROOT / "deploy/k8s/overlays").iterdir())
SERVICES = ("talent", "funding", "matcher")
KEYS = "/etc/bole/keys"
WORKLOADS = {"Deployment", "StatefulSet", "Job", "CronJob"}

Manifest = dict[str, Any]


@cache
def built(overlay: str) -> list[Manifest]:
    """The objects of an overlay, as kustomize renders them."""
    kubectl = Path(sys.executable).with_name("kubectl")
    output = subprocess.run(
        [kubectl, "kustomize", ROOT / "deploy/k8s/overlays" / overlay], capture_output=True, check=True
    )
    return [item for item in yaml.load_all(output.stdout, yaml.CSafeLoader) if item]


def group(item: Manifest) -> str:
    """The API group of an object; empty for the core."""
    return str(item["apiVersion"]).rpartition("/")[0]


def workloads(overlay: str) -> list[Manifest]:
    """What makes pods of ours."""
    return [item for item in built(overlay) if item["kind"] in WORKLOADS]


def template(item: Manifest) -> Manifest:
    """What a workload makes pods of."""
    spec = item["spec"]["jobTemplate"]["spec"] if item["kind"] == "CronJob" else item["spec"]
    found: Manifest = spec["template"]
    return found


def pod(item: Manifest) -> Manifest:
    """The pod's specification of a workload."""
    spec: Manifest = template(item)["spec"]
    return spec


def container(item: Manifest) -> Manifest:
    """The one container of a workload."""
    (only,) = pod(item)["containers"]
    found: Manifest = only
    return found


def named(overlay: str, kind: str) -> dict[str, Manifest]:
    """The objects of a kind by name."""
    return {item["metadata"]["name"]: item for item in built(overlay) if item["kind"] == kind}


def service_workloads(overlay: str) -> dict[str, Manifest]:
    """The workloads that serve, by the service's name."""
    return {**named(overlay, "Deployment"), **named(overlay, "StatefulSet")}


def settings(overlay: str) -> dict[str, str]:
    """The settings that all containers share."""
    (shared,) = named(overlay, "ConfigMap").values()
    data: dict[str, str] = shared["data"]
    return data


def files(item: Manifest) -> dict[str, set[str]]:
    """Directory → the names of the files that mounted secrets and ConfigMaps put there, where they are listed."""
    volumes = {volume["name"]: volume for volume in pod(item)["volumes"]}
    return {
        mount["mountPath"]: set(_listed(volumes.get(mount["name"], {})))
        for mount in container(item)["volumeMounts"]
    }


def secrets_mounted(item: Manifest, directory: str) -> dict[str, list[str]]:
    """Secret → its keys that stand in a directory by their own names; none listed: all that it has."""
    (volume,) = (
        volume
        for volume in pod(item)["volumes"]
        for mount in container(item)["volumeMounts"]
        if (mount["name"], mount["mountPath"]) == (volume["name"], directory)
    )
    sources = [source["secret"] for source in volume.get("projected", {}).get("sources", [volume])]
    for source in sources:
        assert all(each["key"] == each["path"] for each in source.get("items", ()))
    return {
        source.get("secretName") or source["name"]: [each["key"] for each in source.get("items", ())]
        for source in sources
    }


def secrets_made() -> dict[str, set[str]]:
    """Secret of keys → the files that `deploy/k8s/README.md` has put into it."""
    readme = (ROOT / "deploy/k8s/README.md").read_text()
    commands = re.findall(r"kubectl -n bole create secret generic (\S+) (.+)", readme)
    return {name: set(re.findall(r"--from-file=keys/(\S+)", files)) for name, files in commands}


def _listed(volume: Manifest) -> list[str]:
    sources = [volume, *volume.get("projected", {}).get("sources", ())]
    contents = [source[kind] for source in sources for kind in ("secret", "configMap") if kind in source]
    return [entry["path"] for content in contents for entry in content.get("items", ())]
