"""The gateway on a port of its own in front of an installation, and what HTTP says of it."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import uvicorn

from services.console.gateway.backend import Backend
from services.console.gateway.gateway import Gateway
from services.console.web.connections import Connection
from tests.contract.coverage import PATIENCE
from tests.contract.installation import Installation
from tests.servers.ports import free_port


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Door:
    """Where the gateway listens."""

    port: int

    def ask(self, verb: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One request; a body that is no bytes goes as JSON."""
        sent = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body, sent["content-type"] = json.dumps(body).encode(), "application/json"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(verb, path, body, sent)
            found = connection.getresponse()
            return Answer(
                found.status, {name.lower(): value for name, value in found.getheaders()}, found.read()
            )
        finally:
            connection.close()

    @contextmanager
    def stream(self, path: str, headers: Mapping[str, str]) -> Iterator[http.client.HTTPResponse]:
        """An answer that goes on."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers=dict(headers))
            yield connection.getresponse()
        finally:
            connection.close()

    def raw(self, sent: bytes) -> bytes:
        """What comes back for these bytes until the server closes, the caller having said what it took."""
        parts = []
        with (
            socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection,
            suppress(ConnectionError),
        ):
            connection.sendall(sent)
            with suppress(OSError):  # it is not connected any more where the server closed at once
                connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65_536):
                parts.append(part)
        return b"".join(parts)


@contextmanager
def opened(of: Installation) -> Iterator[Door]:
    """The gateway in front of an installation, served until the end of the block."""
    addresses = {name: getattr(of.settings, f"{name}_address") for name in ("talent", "funding", "matcher")}
    port = free_port()
    config = uvicorn.Config(
        Gateway(Backend(addresses)),
        host="127.0.0.1",
        port=port,
        log_config=None,
        access_log=False,
        http=Connection,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    of.until(lambda: server.started or not thread.is_alive())
    assert thread.is_alive()
    try:
        yield Door(port)
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive()
