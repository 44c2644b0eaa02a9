"""Runs in the sandbox: the containers of a plan, all at the same time, and says what came of them.

`python -m tests.integration.deploy.inside PLAN` with the plan as JSON; the answer is one JSON document.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.servers import nursery
from tests.servers.relay import from_port_to_socket

READY_SECONDS = 400.0
END_SECONDS = 120.0

Container = dict[str, Any]


def main() -> None:
    """Carry the ports, run jobs and services until every probe says yes, a night's jobs, then end all of it, and run
    what is run after databases were put back.
    """
    plan = json.loads(Path(sys.argv[1]).read_text())
    for port, path in plan["ports"].items():
        from_port_to_socket(int(port), Path(path))
    os.chdir("/var/lib/bole")
    migrating = {each["name"]: _run(each) for each in plan["jobs"]}
    serving = {each["name"]: _start(each) for each in plan["services"]}
    try:
        jobs = {name: process.wait(READY_SECONDS) for name, process in migrating.items()}
        probes = {each["name"]: _probe(each, serving[each["name"]]) for each in plan["services"]}
        scrubbing = {each["name"]: _run(each) for each in plan["nightly"]}
        nightly = {name: process.wait(READY_SECONDS) for name, process in scrubbing.items()}
    finally:
        for process in serving.values():
            process.send_signal(signal.SIGTERM)
    ended = {name: process.wait(END_SECONDS) for name, process in serving.items()}
    restored = {each["name"]: _run(each).wait(READY_SECONDS) for each in plan["restored"]}
    answer = {"jobs": jobs, "nightly": nightly, "probes": probes, "ended": ended, "restored": restored}
    json.dump({**answer, "uids": _uids}, sys.stdout)


_uids: dict[str, int] = {}


def _start(container: Container) -> subprocess.Popen[bytes]:
    """The image's entry point with the manifest's arguments, environment and user, and nothing of ours."""
    return subprocess.Popen(
        [*_become(container), sys.executable, "-m", *container["args"]],
        env=_environment(container),
        stdout=sys.stderr,
    )


def _run(container: Container) -> nursery.Child:
    """The same for a job, whose program has been loaded: the services, of the same program, load it themselves."""
    module, *arguments = container["args"]
    errors = sys.stderr.fileno()
    become = tuple(_become(container))
    return nursery.start(module, arguments, _environment(container), errors, errors, become)


def _become(container: Container) -> list[str]:
    user = container["user"]
    become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--no-new-privs"]
    return become if os.getuid() == 0 else []


def _environment(container: Container) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": os.environ["PYTHONPATH"], **container["env"]}


def _probe(container: Container, process: subprocess.Popen[bytes]) -> dict[str, bool]:
    """Whether the start-up, readiness and liveness probes say yes in the end."""
    deadline = time.monotonic() + READY_SECONDS
    answers = dict.fromkeys(container["probes"], False)
    while not all(answers.values()) and time.monotonic() < deadline and process.poll() is None:
        answers = {kind: _asks(probe) for kind, probe in container["probes"].items()}
        time.sleep(0.1)  # kubelet asks at intervals, too
    _uids[container["name"]] = Path(f"/proc/{process.pid}").stat().st_uid
    return answers


def _asks(probe: dict[str, Any]) -> bool:
    """What kubelet would be told: by gRPC, or by a page where the probe names a path."""
    if "path" in probe:
        try:
            with urlopen(f"http://127.0.0.1:{probe['port']}{probe['path']}", timeout=10) as page:
                return bool(page.status == 200)
        except OSError:
            return False
    with grpc.insecure_channel(f"127.0.0.1:{probe['port']}") as channel:
        try:
            request = health_pb2.HealthCheckRequest(service=probe["service"])
            answer = health_pb2_grpc.HealthStub(channel).Check(request, timeout=10)
        except grpc.RpcError:
            return False
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


if __name__ == "__main__":
    main()
