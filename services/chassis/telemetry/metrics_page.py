"""The HTTP page that Prometheus reads."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import make_wsgi_app

from services.chassis.configuration import ConfigurationError
from services.chassis.telemetry.metrics import Metrics
from services.kernel.threads import standing

_READERS: Final = 4
"""Of the page at the same time."""
_PATIENCE_SECONDS: Final = 10.0


@contextmanager
def exposed(metrics: Metrics, address: str, setting: str) -> Iterator[int]:
    """Serve `/metrics` on `host:port` from a thread while the block runs; yields the port (0 takes any).

    Raises ConfigurationError, which names the setting that the address is from, if it is taken.
    """
    try:
        server = _listening(address, metrics)
    except OSError as error:
        raise ConfigurationError(
            setting,
            f"指标页地址 {address} 已被占用或无法绑定，请停止占用它的进程或更换地址",
            f"the address of the metrics page, {address}, is taken or cannot be bound; stop the process that holds it, "
            "or choose another",
        ) from error
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _listening(address: str, metrics: Metrics) -> WSGIServer:
    host, _, port = address.rpartition(":")
    family, *_, bound = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0]

    class Page(_Page):
        address_family = family

    return make_server(str(bound[0]), int(port), make_wsgi_app(metrics.registry), Page, _Reading)


class _Page(WSGIServer):
    """Answers in threads that stand from the beginning."""

    def __init__(self, *given: Any) -> None:
        self._readers = standing(_READERS, "metrics-page")
        super().__init__(*given)

    def process_request(self, request: Any, client_address: Any) -> None:
        """See socketserver."""
        self._readers.submit(self._answer, request, client_address)

    def server_close(self) -> None:
        """See socketserver."""
        super().server_close()
        self._readers.shutdown(cancel_futures=True)

    def _answer(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(
                request, client_address
            )  # what it raises is of a reader who is gone or says nothing
        finally:
            self.shutdown_request(request)


class _Reading(WSGIRequestHandler):
    """Nobody keeps a thread who says nothing, and nobody is written down who reads."""

    timeout = _PATIENCE_SECONDS

    def log_message(self, *_said: Any) -> None:
        """Nothing."""
