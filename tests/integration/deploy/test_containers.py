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
from tests.integration.deploy.mounting import PLACE, Mounts, placed
from tests.servers.authority import Authority
from tests.servers.kafka import KafkaServer
from tests.servers.packages import apt_install
from tests.servers.postgres import PostgresServer
from tests.unit.deploy.manifests import (
    ROOT,
    SERVICES,
    Manifest,
    container,
    named,
    pod,
    service_workloads,
    settings,
    workloads,
)

USER = 10001
SERVING = (*SERVICES, "console")
LOG = "bole-kafka-bootstrap"
LISTS = {"erasures-talent": "talent", "revocations-matcher": "matcher"}
"""Nightly lists of what a restore must do again, and whose they are."""


@pytest.fixture
def kafka() -> Iterator[KafkaServer]:
    """A broker of its own: records of another house, sealed by its keys, must not stand in these topics."""
    with KafkaServer(names=[LOG]) as server:
        yield server


@pytest.fixture
def database_authority() -> Authority:
    """Who signed for PostgreSQL."""
    return Authority("databases")


@pytest.fixture
def databases(database_authority: Authority) -> Iterator[PostgresServer]:
    """A server with an empty database for each service, which speaks TLS with whoever asks for it."""
    with PostgresServer() as server:
        tls = database_authority.issue(server.directory / "tls", host=None, names=[*map(_database, SERVICES)])
        owner = (server.directory / "data").stat()
        for path in (tls, *tls.iterdir()):
            os.chown(path, owner.st_uid, owner.st_gid)
        with server.connect() as connection:
            for name, value in (("cert_file", tls / "tls.crt"), ("key_file", tls / "tls.key")):
                connection.execute(f"ALTER SYSTEM SET ssl_{name} = '{value}'")
            connection.execute("ALTER SYSTEM SET ssl = on")
            connection.execute("SELECT pg_reload_conf()")
            for service in SERVICES:
                connection.execute(f"CREATE DATABASE {service}")
        yield server


@pytest.mark.parametrize("overlay", ["dev", "production"])
def test_every_container_starts_serves_and_ends_as_the_manifests_have_it(
    tmp_path: Path, overlay: str, databases: PostgresServer, database_authority: Authority, kafka: KafkaServer
) -> None:
    if shutil.which("bwrap") is None:
        apt_install("bubblewrap")
    made, doors = tmp_path / "made", tmp_path / "doors"
    ensure_local_keys(made)
    public = subprocess.run(
        ["openssl", "pkey", "-in", made / IDENTITY_KEY, "-pubout"], capture_output=True, check=True
    )
    (made / PUBLIC_KEY_FILE).write_bytes(public.stdout)
    mounted = tmp_path / "mounted"
    for folder in (mounted, doors):
        folder.mkdir()
    names = " ".join([LOG, *SERVICES, *map(_database, SERVICES)])
    (tmp_path / "hosts").write_text(f"127.0.0.1 localhost {names}\n")
    urls = {name: _uri(databases, name) for name in SERVICES}
    mounts = Mounts(mounted, overlay, USER, made, urls, kafka.authority, database_authority)
    crons, services = named(overlay, "CronJob"), service_workloads(overlay)
    lists = {name: _container(crons[name], of, mounts) for name, of in LISTS.items()}
    serving = {name: _container(services[name], name, mounts) for name in SERVING}
    plan: dict[str, Any] = {
        "ports": {
            "9092": f"/doors/{kafka.port}",
            "9093": f"/doors/{kafka.tls_port}",
            **{str(port): f"/doors/{port}" for port in (kafka.port, kafka.tls_port, databases.port)},
        },
        "jobs": [_container(named(overlay, "Job")[f"migrate-{name}"], name, mounts) for name in SERVICES],
        "nightly": [
            *(_container(crons[f"scrub-{name}"], name, mounts) for name in SERVICES),
            *({**each, "name": name} for name, each in lists.items()),
        ],
        "restored": [
            _restored(lists["erasures-talent"], "erase-again"),
            _restored(lists["revocations-matcher"], "revoke-again"),
            *(_restored(serving[name], "accept-log") for name in SERVICES),
        ],
        "services": list(serving.values()),
    }
    commands = sum(len(plan[kind]) for kind in ("jobs", "nightly", "services"))
    assert commands == len(workloads(overlay))
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    with _carried(doors, kafka.port, kafka.tls_port, databases.port):
        sandbox = _sandbox(tmp_path, mounted, doors)
        done = subprocess.run(sandbox, capture_output=True, text=True, check=False, timeout=850)
    assert done.returncode == 0, done.stderr[-5000:]
    answer = json.loads(done.stdout)
    assert answer["jobs"] == dict.fromkeys(SERVICES, 0), done.stderr[-5000:]
    assert answer["nightly"] == dict.fromkeys((*SERVICES, *LISTS), 0), done.stderr[-5000:]
    restored = ("talent erase-again", "matcher revoke-again", *(f"{name} accept-log" for name in SERVICES))
    assert answer["restored"] == dict.fromkeys(restored, 0), done.stderr[-5000:]
    probes = {"startupProbe": True, "readinessProbe": True, "livenessProbe": True}
    assert answer["probes"] == dict.fromkeys(SERVING, probes), done.stderr[-5000:]
    assert answer["ended"] == dict.fromkeys(SERVING, 0), done.stderr[-5000:]
    if os.getuid() == 0:
        assert answer["uids"] == dict.fromkeys(SERVING, USER)


def _database(service: str) -> str:
    """The host under which a service's database is reached."""
    return f"{service}-postgres-rw"


def _uri(databases: PostgresServer, service: str) -> str:
    """The database's address, as its operator's secret has it."""
    url = databases.database_url(service).replace("postgresql+psycopg://", "postgresql://")
    return url.replace("127.0.0.1", _database(service))


def _container(item: Manifest, service: str, mounts: Mounts) -> dict[str, Any]:
    """What the manifest says of the container, with what it mounts at a place of its own."""
    only, security = container(item), pod(item)["securityContext"]
    own = {entry["name"]: entry["value"] for entry in only["env"]}
    kinds = [kind for kind in ("startupProbe", "readinessProbe", "livenessProbe") if kind in only]
    assert security["runAsUser"] == security["runAsGroup"] == security["fsGroup"] == USER
    env = placed({**settings(mounts.overlay), **own}, mounts.give(item, service))
    return {
        "name": service,
        "args": only["args"],
        "user": security["runAsUser"],
        "env": {**env, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        "probes": {kind: _probe(only, only[kind]) for kind in kinds},
    }


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


def _sandbox(folder: Path, mounted: Path, doors: Path) -> list[str]:
    """The command: a root of its own that is read-only but for the places that the manifests mount."""
    command = ["bwrap", "--die-with-parent", "--unshare-net", "--unshare-pid", "--tmpfs", "/"]
    if os.getuid() != 0:
        command += ["--unshare-user", "--uid", str(USER), "--gid", str(USER)]
    seen = {"/usr", sysconfig.get_config_var("prefix"), sys.prefix, sys.base_prefix, str(ROOT)}
    for place in ("/tmp", "/var/lib/bole"):  # noqa: S108 (places in the sandbox)
        command += ["--perms", "1777", "--tmpfs", place]
    parents = {parent for place in seen for parent in Path(place).parents} | {Path(PLACE)}
    for parent in sorted(map(str, parents - {Path("/"), Path("/tmp")}), key=len):  # noqa: S108 (in the sandbox)
        command += ["--perms", "0755", "--dir", parent]
    for place in sorted(seen, key=len):
        command += ["--ro-bind", place, place]
    for link in ("bin", "lib", "lib64", "sbin"):
        command += ["--symlink", f"usr/{link}", f"/{link}"]
    command += ["--proc", "/proc", "--dev", "/dev", "--ro-bind", str(doors), "/doors"]
    command += ["--ro-bind", str(folder / "plan.json"), "/plan.json"]
    command += ["--ro-bind", str(folder / "hosts"), "/etc/hosts", "--ro-bind", str(mounted), PLACE]
    command += [
        "--remount-ro",
        "/",
        "--setenv",
        "PYTHONPATH",
        os.pathsep.join([str(ROOT), str(ROOT / "gen")]),
    ]
    return [*command, "--", sys.executable, "-m", "tests.integration.deploy.inside", "/plan.json"]
