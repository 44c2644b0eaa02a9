"""Every command of the manifests, run once as a cluster would: arguments, environment, user, files and a root that
cannot be written, in a network of its own where the log has the name that the settings give it.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from services.chassis.identity.tokens import PUBLIC_KEY_FILE
from services.chassis.keys import IDENTITY_KEY, ensure_local_keys
from tests.servers.kafka import KafkaServer
from tests.servers.packages import apt_install
from tests.servers.postgres import PostgresServer
from tests.unit.deploy.manifests import (
    KEYS,
    ROOT,
    SERVICES,
    Manifest,
    container,
    named,
    pod,
    secrets_made,
    secrets_mounted,
    service_workloads,
    settings,
)

USER = 10001
SERVING = (*SERVICES, "console")
LOG = "bole-kafka-bootstrap"


@pytest.fixture
def kafka() -> Iterator[KafkaServer]:
    """A broker of its own: records of another house, sealed by its keys, must not stand in these topics."""
    with KafkaServer() as server:
        yield server


@pytest.fixture
def databases(postgres: PostgresServer) -> Iterator[dict[str, str]]:
    """An empty database for each service."""
    names = {service: postgres.create_database(service) for service in SERVICES}
    yield names
    for name in names.values():
        postgres.drop_database(name)


def test_every_container_starts_serves_and_ends_as_the_manifests_have_it(
    tmp_path: Path, postgres: PostgresServer, kafka: KafkaServer, databases: dict[str, str]
) -> None:
    if shutil.which("bwrap") is None:
        apt_install("bubblewrap")
    made, keys, doors = tmp_path / "made", tmp_path / "keys", tmp_path / "doors"
    ensure_local_keys(made)
    public = subprocess.run(
        ["openssl", "pkey", "-in", made / IDENTITY_KEY, "-pubout"], capture_output=True, check=True
    )
    (made / PUBLIC_KEY_FILE).write_bytes(public.stdout)
    for folder in (keys, doors):
        folder.mkdir()
    (tmp_path / "hosts").write_text(f"127.0.0.1 localhost {LOG} {' '.join(SERVICES)}\n")
    uris = {name: _secret(tmp_path / name, postgres.database_url(databases[name])) for name in SERVICES}
    plan: dict[str, Any] = {
        "ports": {
            "9092": f"/doors/{kafka.port}",
            str(kafka.port): f"/doors/{kafka.port}",
            str(postgres.port): f"/doors/{postgres.port}",
        },
        "jobs": [_container(named("dev", "Job")[f"migrate-{name}"], name) for name in SERVICES],
        "nightly": [
            *(_container(named("dev", "CronJob")[f"scrub-{name}"], name) for name in SERVICES),
            {**_container(named("dev", "CronJob")["erasures-talent"], "talent"), "name": "erasures"},
            {**_container(named("dev", "CronJob")["revocations-matcher"], "matcher"), "name": "revocations"},
        ],
        "restored": [
            _restored(_container(named("dev", "CronJob")["erasures-talent"], "talent"), "erase-again"),
            _restored(_container(named("dev", "CronJob")["revocations-matcher"], "matcher"), "revoke-again"),
            *(_restored(_container(service_workloads("dev")[name], name), "accept-log") for name in SERVICES),
        ],
        "services": [_container(service_workloads("dev")[name], name) for name in SERVING],
    }
    for each in (each for kind in ("jobs", "nightly", "restored", "services") for each in plan[kind]):
        _give_keys(each, made, keys)
    _belong_to_the_group([keys, *keys.rglob("*"), *uris.values()])
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    with _carried(doors, kafka.port, postgres.port):
        sandbox = _sandbox(tmp_path, keys, doors, uris)
        done = subprocess.run(sandbox, capture_output=True, text=True, check=False, timeout=850)
    assert done.returncode == 0, done.stderr[-5000:]
    answer = json.loads(done.stdout)
    assert answer["jobs"] == dict.fromkeys(SERVICES, 0), done.stderr[-5000:]
    assert answer["nightly"] == dict.fromkeys((*SERVICES, "erasures", "revocations"), 0), done.stderr[-5000:]
    restored = ("talent erase-again", "matcher revoke-again", *(f"{name} accept-log" for name in SERVICES))
    assert answer["restored"] == dict.fromkeys(restored, 0), done.stderr[-5000:]
    probes = {"startupProbe": True, "readinessProbe": True, "livenessProbe": True}
    assert answer["probes"] == dict.fromkeys(SERVING, probes), done.stderr[-5000:]
    assert answer["ended"] == dict.fromkeys(SERVING, 0), done.stderr[-5000:]
    if os.getuid() == 0:
        assert answer["uids"] == dict.fromkeys(SERVING, USER)


def _container(item: Manifest, name: str) -> dict[str, Any]:
    """What the manifest says of the container, and where its database's secret lies here."""
    only, security = container(item), pod(item)["securityContext"]
    own = {entry["name"]: entry["value"] for entry in only["env"]}
    # one sandbox holds all containers: each has its own secret at a place of its own
    secret = f"BOLE_{name.upper()}_DATABASE_URL_FILE"
    own |= {secret: f"{own[secret]}-{name}"} if secret in own else {}
    kinds = [kind for kind in ("startupProbe", "readinessProbe", "livenessProbe") if kind in only]
    assert security["runAsUser"] == security["runAsGroup"] == security["fsGroup"] == USER
    return {
        "name": name,
        "args": only["args"],
        "user": security["runAsUser"],
        "env": {**settings("dev"), **own, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        "probes": {kind: _probe(only, only[kind]) for kind in kinds},
        "keys": secrets_mounted(item, KEYS),
    }


def _give_keys(made: dict[str, Any], source: Path, keys: Path) -> None:
    """The key files that the manifest mounts for a container, and no other, in a directory of its own."""
    own = keys / "-".join(made["args"][:2])
    own.mkdir(exist_ok=True)
    for secret, listed in made["keys"].items():
        for name in listed or secrets_made()[secret]:
            shutil.copy(source / name, own / name)
    made["env"]["BOLE_KEYS_DIR"] = f"{KEYS}/{own.name}"


def _restored(made: dict[str, Any], command: str) -> dict[str, Any]:
    """The container with the one argument changed that `deploy/k8s/README.md` has changed after a restore."""
    module, _, *rest = made["args"]
    return {**made, "name": f"{made['name']} {command}", "args": [module, command, *rest]}


def _probe(only: Manifest, probe: Manifest) -> dict[str, Any]:
    """A probe with the number of its port."""
    asked: dict[str, Any] = probe.get("grpc") or probe["httpGet"]
    ports = {port["name"]: port["containerPort"] for port in only["ports"]}
    return {**asked, "port": ports.get(asked["port"], asked["port"])}


@contextmanager
def _carried(doors: Path, *ports: int) -> Iterator[None]:
    """The ports of loopback as Unix sockets in a directory."""
    command = [sys.executable, "-m", "tests.servers.relay", str(doors), *map(str, ports)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as relay:
        assert relay.stdout is not None
        assert relay.stdout.readline() == "carrying\n"
        yield


def _secret(path: Path, url: str) -> Path:
    path.write_text(url.replace("postgresql+psycopg://", "postgresql://"))
    path.chmod(0o440)
    return path


def _belong_to_the_group(paths: list[Path]) -> None:
    """As `fsGroup` and `defaultMode: 0440` have it."""
    for path in paths:
        if os.getuid() == 0:
            os.chown(path, 0, USER)
            path.chmod(0o750 if path.is_dir() else 0o440)


def _sandbox(folder: Path, keys: Path, doors: Path, uris: dict[str, Path]) -> list[str]:
    """The command: a root of its own that is read-only but for the places that the manifests mount."""
    command = ["bwrap", "--die-with-parent", "--unshare-net", "--unshare-pid", "--tmpfs", "/"]
    if os.getuid() != 0:
        command += ["--unshare-user", "--uid", str(USER), "--gid", str(USER)]
    seen = {"/usr", sysconfig.get_config_var("prefix"), sys.prefix, sys.base_prefix, str(ROOT)}
    for place in ("/tmp", "/var/lib/bole"):  # noqa: S108 (places in the sandbox)
        command += ["--perms", "1777", "--tmpfs", place]
    parents = {parent for place in seen for parent in Path(place).parents} | {Path("/etc/bole/database")}
    for parent in sorted(map(str, parents - {Path("/"), Path("/tmp")}), key=len):  # noqa: S108 (in the sandbox)
        command += ["--perms", "0755", "--dir", parent]
    for place in sorted(seen, key=len):
        command += ["--ro-bind", place, place]
    for link in ("bin", "lib", "lib64", "sbin"):
        command += ["--symlink", f"usr/{link}", f"/{link}"]
    command += ["--proc", "/proc", "--dev", "/dev", "--ro-bind", str(doors), "/doors"]
    command += ["--ro-bind", str(folder / "plan.json"), "/plan.json"]
    command += ["--ro-bind", str(folder / "hosts"), "/etc/hosts", "--ro-bind", str(keys), KEYS]
    for name, uri in uris.items():
        command += ["--ro-bind", str(uri), f"/etc/bole/database/uri-{name}"]
    command += [
        "--remount-ro",
        "/",
        "--setenv",
        "PYTHONPATH",
        os.pathsep.join([str(ROOT), str(ROOT / "gen")]),
    ]
    return [*command, "--", sys.executable, "-m", "tests.integration.deploy.inside", "/plan.json"]
