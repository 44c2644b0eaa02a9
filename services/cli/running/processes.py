"""The services as processes of their own on this machine: started, watched for readiness, stopped."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Protocol, TypeAlias

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.chassis.configuration import EXIT_CONFIGURATION, ConfigurationError
from services.chassis.keys import installation_of
from services.chassis.rpc.channel import open_channel
from services.chassis.settings import Settings
from services.chassis.tls import channel_credentials
from services.kernel.errors import BoleError, Unavailable
from services.kernel.text import Text

SERVICES = ("talent", "funding", "matcher")
READY_SECONDS = 60.0
STOP_SECONDS = 20.0
# Where nobody listens the answer comes at once; a machine that is busy may need a while.
ANSWER_SECONDS = 10.0
_PORTS = range(10_000, 30_000)


class Process(Protocol):
    """A child as `subprocess.Popen` has it."""

    pid: int
    returncode: int | None

    def poll(self) -> int | None:
        """The exit status; None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, once there is one. Raises subprocess.TimeoutExpired."""

    def send_signal(self, sig: int, /) -> None:
        """Unless it has ended."""

    def terminate(self) -> None:
        """Send SIGTERM."""

    def kill(self) -> None:
        """Send SIGKILL."""


Spawn: TypeAlias = Callable[[str, Sequence[str], Mapping[str, str], Path], Process]
"""Starts a module with arguments and an environment; what it says is added to a file."""


@dataclass(frozen=True, slots=True)
class Running:
    """One service as a process."""

    name: str
    address: str
    process: Process
    log: Path
    tls_dir: Path | None = None


def environment(settings: Settings) -> dict[str, str]:
    """The environment that gives a child process exactly `settings`; what is empty stays unset."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("BOLE_")}
    plain = settings.model_dump(exclude_none=True)
    given = {f"BOLE_{name.upper()}": str(value) for name, value in plain.items() if value != ""}
    return {**own, **given, "PYTHONUNBUFFERED": "1"}


def spawn(module: str, arguments: Sequence[str], environ: Mapping[str, str], log: Path) -> Process:
    """`python -m module …` in a session of its own."""
    with log.open("a+b") as out:
        _begin_line(out)
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _begin_line(log: IO[bytes]) -> None:
    """Whoever wrote there before may have died of a full disk in the midst of a line."""
    if log.tell():
        log.seek(-1, os.SEEK_END)
        if log.read(1) != b"\n":
            log.write(b"\n")
            log.flush()


def start(settings: Settings, names: Sequence[str] = SERVICES, spawn: Spawn = spawn) -> list[Running]:
    """Start the services, each with a log file in `{data_dir}/logs`; they migrate their databases first."""
    given, running = environment(settings), list[Running]()
    for name in names:
        log = log_of(settings, name)
        process = spawn(f"services.{name}", ["serve", "--migrate"], given, log)
        running.append(Running(name, address(settings, name), process, log, settings.tls_dir))
    return running


def log_of(settings: Settings, name: str) -> Path:
    """Where a service or the console writes; the folder is there."""
    logs = settings.data_dir / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    return logs / f"{name}.log"


def wait_ready(running: Sequence[Running], seconds: float = READY_SECONDS) -> None:
    """Wait until every service says SERVING.

    Raises ConfigurationError in the words of a service that ended because of a setting; Unavailable with the end of
    its log for one that ended otherwise, at once, or is not ready in time.
    """
    deadline, waiting = time.monotonic() + seconds, list(running)
    while waiting := [each for each in waiting if not is_ready(each.address, each.tls_dir)]:
        ended = [each for each in running if each.process.poll() is not None]
        if ended or time.monotonic() > deadline:
            raise _not_ready((ended or waiting)[0])
        time.sleep(0.05)  # a health check has nothing to wait on before the port is open


def _not_ready(service: Running) -> BoleError:
    if service.process.poll() == EXIT_CONFIGURATION:
        key, _, said = _tail(service.log, 1).partition("：")
        zh, _, en = said.partition(f" / {key}: ")  # as `Text` is written where no language is asked for
        return ConfigurationError(key, f"{zh}（{service.name}）", f"{en} ({service.name})")
    return Unavailable(
        Text(
            f"{service.name} 未能就绪，日志 {service.log} 末尾：\n{_tail(service.log)}",
            f"{service.name} did not become ready; the end of {service.log}:\n{_tail(service.log)}",
        ),
        reason="SERVICE_NOT_READY",
    )


def is_ready(address: str, tls_dir: Path | None = None) -> bool:
    """Whether a service at `address` says SERVING."""
    with open_channel(address, credentials=channel_credentials(tls_dir, datetime.now(UTC))) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        try:
            answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=ANSWER_SECONDS)
        except grpc.RpcError:
            return False
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


def is_foreign(address: str, settings: Settings) -> bool:
    """Whether a service at `address` is of another local installation than this one."""
    if settings.environment != "local":
        return False
    credentials = channel_credentials(settings.tls_dir, datetime.now(UTC))
    asked = health_pb2.HealthCheckRequest(service=installation_of(settings.keys_dir) or "installation/none")
    with open_channel(address, credentials=credentials) as channel:
        try:
            health_pb2_grpc.HealthStub(channel).Check(asked, timeout=ANSWER_SECONDS)
        except grpc.RpcError as error:
            return bool(error.code() is grpc.StatusCode.NOT_FOUND)
    return False


def stop(running: Sequence[Running], seconds: float = STOP_SECONDS) -> Mapping[str, int]:
    """Ask all to end, wait for each, and kill what does not; the exit status of each."""
    for each in running:
        if each.process.poll() is None:
            each.process.send_signal(signal.SIGTERM)
    return {each.name: _end(each.process, seconds) for each in running}


def free_addresses(settings: Settings) -> Settings:
    """The same settings on free loopback ports: for a run beside another installation."""
    fields = [f"{name}{kind}_address" for name in SERVICES for kind in ("", "_metrics")] + ["console_address"]
    ports = _free_ports(len(fields))
    free = {field: f"127.0.0.1:{port}" for field, port in zip(fields, ports, strict=True)}
    return settings.model_copy(update={**free, "console_url": f"http://{free['console_address']}"})


def _free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, below those that the system gives to outgoing connections: one of these could
    be taken again before the service binds it.
    """
    ports: list[int] = []
    for port in secrets.SystemRandom().sample(_PORTS, len(_PORTS)):
        if _binds(port):
            ports.append(port)
        if len(ports) == count:
            return ports
    raise Unavailable(Text("本机没有空闲端口", "no port of this machine is free"), reason="NO_FREE_PORT")


def _binds(port: int) -> bool:
    with socket.socket() as tried:
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def run_tool(name: str, arguments: Sequence[str], settings: Settings) -> subprocess.CompletedProcess[str]:
    """Run `python -m services.<name> …` to its end: what needs a service's database, such as `verify-audit`."""
    return subprocess.run(
        [sys.executable, "-m", f"services.{name}", *arguments],
        env=environment(settings),
        capture_output=True,
        text=True,
        check=False,
    )


def address(settings: Settings, name: str) -> str:
    """Where a service listens."""
    return str(getattr(settings, f"{name}_address"))


def _end(process: Process, seconds: float) -> int:
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _tail(path: Path, lines: int = 12) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
