"""An installation under fire: services restarted as a supervisor does, networks in between that can turn bad."""

import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import grpc

from services.chassis.rpc.channel import open_channel
from services.chassis.settings import Settings
from services.chassis.storage.db import Database, open_engine
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.running import processes
from services.cli.session import Session, _service_names
from tests.contract.installation import (
    MANAGER,
    OFFICER,
    Installation,
    installation,
    load_sample,
    staff_token,
    start_with_sample,
)
from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer
from tests.storm.proxy import Proxy, Weather

READY_SECONDS = 300.0


class Server(Protocol):
    """PostgreSQL or Kafka."""

    @property
    def directory(self) -> Path:
        """Where its log is."""
        ...

    def start(self) -> None:
        """Start on the existing data."""
        ...

    def kill(self) -> None:
        """SIGKILL."""
        ...

    def stop(self) -> None:
        """Ask it to end, and wait for it."""
        ...

    def pause(self, seconds: float) -> None:
        """SIGSTOP, and SIGCONT after a while."""
        ...


class House:
    """Three services with their relays and feeds, embedded or on the servers given; proxies before all of them.

    Database and broker are found by the broker's name for this machine.
    """

    def __init__(
        self,
        directory: Path,
        database: PostgresServer | None = None,
        broker: KafkaServer | None = None,
        *,
        spawn: processes.Spawn = processes.spawn,
    ) -> None:
        self.servers: dict[str, Server] = {}
        self.proxies: dict[str, Proxy] = {}
        self.direct: dict[str, str] = {}
        self._databases: dict[str, Database] = {}
        settings: dict[str, str] = {}
        if database is not None and broker is not None:
            self.servers = {"database": database, "broker": broker}
            self.proxies["database"] = Proxy(database.port)
            self.proxies["broker"] = Proxy(broker.roundabout, broker.before)
            settings["log_url"] = f"kafka://{broker.host}:{broker.before}"
            for name in processes.SERVICES:
                url = database.database_url(database.create_database(name))
                self.direct[name] = url
                settings[f"{name}_database_url"] = url.replace(
                    f"127.0.0.1:{database.port}/", f"{broker.host}:{self.proxies['database'].port}/"
                )
        self.installation: Installation = installation(directory, spawn, **settings)
        for name in processes.SERVICES:
            self.direct.setdefault(name, self.settings.database_url(name))
            self.proxies[name] = Proxy(_port(processes.address(self.settings, name)))

    @property
    def settings(self) -> Settings:
        """The settings of the services; clients use `channel`."""
        return self.installation.settings

    def begin(self) -> None:
        """Start all with the sample."""
        if not self.servers:
            start_with_sample(self.installation)
            return
        self.installation.start()
        load_sample(self.installation)
        self.installation.wait_level()

    def end(self) -> dict[str, int]:
        """Stop the services; the exit status of each."""
        statuses = self.installation.stop()
        for each in self.proxies.values():
            each.close()
        return statuses

    def channel(self, service: str) -> grpc.Channel:
        """A channel through the proxy, with the retries that are shipped."""
        token = staff_token(self.installation, OFFICER, MANAGER)
        return open_channel(
            f"127.0.0.1:{self.proxies[service].port}",
            services=_service_names(service),
            token=lambda: token,
        )

    def database(self, service: str) -> Database:
        """A service's database, past the proxy. To be closed after each use: services move and scrub its files."""
        if service not in self._databases:
            self._databases[service] = Database(open_engine(self.direct[service], pool_size=1))
        return self._databases[service]

    def partner(self, name: str) -> Session:
        """A new partner's session, through the proxy."""
        made = self.installation.tool("matcher", "add-partner", name)
        assert made.returncode == 0, made.stderr
        address = f"127.0.0.1:{self.proxies['matcher'].port}"
        settings = self.settings.model_copy(update={"matcher_address": address})
        return Session(settings, Output(Format.TABLE, "zh"), partner_key=made.stdout.strip())

    def end_service(self, name: str, order: signal.Signals) -> None:
        """Send SIGKILL or SIGTERM to a service, wait for its end, and start it again without waiting for it."""
        each = next(each for each in self.installation.running if each.name == name)
        each.process.send_signal(order)
        each.process.wait(READY_SECONDS)
        self.installation.running.remove(each)
        self._start_again(name)

    def pause_service(self, name: str, seconds: float) -> None:
        """SIGSTOP, and SIGCONT after a while."""
        process = next(each for each in self.installation.running if each.name == name).process
        process.send_signal(signal.SIGSTOP)
        threading.Event().wait(seconds)
        process.send_signal(signal.SIGCONT)

    def end_server(self, name: str, order: signal.Signals) -> None:
        """End the database or the broker by SIGKILL or as its operator does, and start it again."""
        if order is signal.SIGKILL:
            self.servers[name].kill()
        else:
            self.servers[name].stop()
        self.servers[name].start()

    def _start_again(self, name: str) -> None:
        self.installation.running.extend(processes.start(self.settings, [name], self.installation.spawn))

    def heal(self) -> None:
        """Fair weather; whatever ended because it could not start is started again, until all are ready."""
        for proxy in self.proxies.values():
            proxy.turn(Weather.FAIR)
        deadline = time.monotonic() + READY_SECONDS
        running = self.installation.running
        while not all(processes.is_ready(each.address) for each in running):
            for each in [each for each in running if each.process.poll() is not None]:
                running.remove(each)
                self._start_again(each.name)
            assert time.monotonic() < deadline, "the services did not become ready after the storm"
            threading.Event().wait(0.05)


def until(holds: Callable[[], Any], seconds: float) -> bool:
    """Whether something held in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(0.05)
    return True


def _port(address: str) -> int:
    port = urlsplit(f"//{address}").port
    assert port is not None
    return port
