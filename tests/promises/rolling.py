"""P8: two replicas are restarted in turn under load, and no call of a client with the shipped configuration fails."""

import random
import signal
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import grpc

from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc
from services.chassis.rpc.channel import open_channel
from services.cli.running import processes
from tests.contract.coverage import PATIENCE
from tests.contract.installation import Installation, installation, staff_token
from tests.servers.kafka import KafkaServer
from tests.servers.ports import free_port
from tests.servers.postgres import PostgresServer
from tests.servers.schemas import give_schema
from tests.storm.clients import person

SERVICE = "talent"
EXIT_SECONDS = 10.0
PAUSE_SECONDS = 0.02
_NAMES = ("bole.talent.v1.LibraryService",)


class Client:
    """Registers people and reads them, one call after the other, in a thread; `failed` are calls that were refused."""

    def __init__(self, number: int, seed: int, addresses: list[str], token: str) -> None:
        self._rng = random.Random(seed)
        self._number = number
        self._channel = open_channel(_target(addresses), services=_NAMES, token=lambda: token)
        self._stub = library_service_pb2_grpc.LibraryServiceStub(self._channel)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.made: list[str] = []
        self.calls = 0
        self.failed: list[str] = []
        self._thread.start()

    def end(self) -> None:
        """After the call at hand."""
        self._stop.set()
        self._thread.join()
        self._channel.close()

    def _run(self) -> None:
        while not self._stop.wait(PAUSE_SECONDS):
            try:
                self._call()
            except grpc.RpcError as error:
                self.failed.append(f"{error.code()} {error.details()}")
            self.calls += 1

    def _call(self) -> None:
        if self.made and self._rng.random() < 0.7:
            name = self._rng.choice(self.made)
            self._stub.GetPerson(library_service_pb2.GetPersonRequest(name=name))
            return
        given = library_service_pb2.CreatePersonRequest(
            person=person(f"R{self._number}-{self.calls}", "sic"),
            request_id=str(UUID(int=self._rng.getrandbits(128), version=4)),
        )
        self.made.append(self._stub.CreatePerson(given).name)


def violations(engines: str, seed: int, rolls: int) -> list[str]:
    """Everything that does not hold after each of two replicas was restarted so often."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        given: dict[str, str] = {"drain_seconds": "1"}
        if engines == "full":
            server = stack.enter_context(PostgresServer(durable=True))
            broker = stack.enter_context(KafkaServer())
            given |= {f"{SERVICE}_database_url": server.database_url(server.create_database())}
            given |= {"log_url": broker.url}
        house = installation(directory, **given)
        give_schema(SERVICE, house.settings.database_url(SERVICE))
        replicas = _Replicas(house)
        stack.callback(replicas.end)
        return _roll(house, replicas, seed, rolls)


class _Replicas:
    """Two processes of one service, at addresses of their own."""

    def __init__(self, house: Installation) -> None:
        ports = {f"{SERVICE}{kind}_address": f"127.0.0.1:{free_port()}" for kind in ("", "_metrics")}
        self._settings = [house.settings, house.settings.model_copy(update=ports)]
        self._running = [self._start(at) for at in range(2)]
        processes.wait_ready(self._running, PATIENCE)

    @property
    def addresses(self) -> list[str]:
        """Both, in order."""
        return [processes.address(settings, SERVICE) for settings in self._settings]

    def restart(self, at: int) -> list[str]:
        """SIGTERM, and another process in its place; what was wrong with the end."""
        process, began = self._running[at].process, time.monotonic()
        process.send_signal(signal.SIGTERM)
        status = process.wait(PATIENCE)
        seconds = time.monotonic() - began
        self._running[at] = self._start(at)
        processes.wait_ready([self._running[at]], PATIENCE)
        found = [f"ended with {status}"] if status else []
        return [*found, f"took {seconds:.1f} s to end"] if seconds > EXIT_SECONDS else found

    def end(self) -> None:
        """Stop both."""
        processes.stop(self._running, PATIENCE)

    def _start(self, at: int) -> processes.Running:
        (running,) = processes.start(self._settings[at], [SERVICE])
        return running


def _roll(house: Installation, replicas: _Replicas, seed: int, rolls: int) -> list[str]:
    """Each client knows both replicas and begins with another one."""
    token, addresses = staff_token(house), replicas.addresses
    clients = [
        Client(at, seed * 10 + at, addresses[at % 2 :] + addresses[: at % 2], token) for at in range(4)
    ]
    found: list[str] = []
    for _ in range(rolls):
        for at in range(2):
            found += replicas.restart(at)
    for each in clients:
        each.end()
    found += [failed for each in clients for failed in each.failed]
    if any(each.calls == 0 for each in clients):
        found.append("a client made no call")
    made = sorted(name for each in clients for name in each.made)
    there = sorted(_everybody(addresses, token))
    return found if there == made else [*found, f"{len(made)} registered, {len(there)} there"]


def _everybody(addresses: list[str], token: str) -> list[str]:
    """The names of all people of the library."""
    with open_channel(_target(addresses), services=_NAMES, token=lambda: token) as channel:
        stub = library_service_pb2_grpc.LibraryServiceStub(channel)
        names: list[str] = []
        given = library_service_pb2.ListPersonsRequest(page_size=500)
        while True:
            page = stub.ListPersons(given)
            names += [each.name for each in page.persons]
            if not page.next_page_token:
                return names
            given.page_token = page.next_page_token


def _target(addresses: list[str]) -> str:
    """IP addresses have no name to look up: gRPC takes a list of them for what a name would stand for."""
    return "ipv4:" + ",".join(addresses)
