"""An endpoint of a partner: takes messages, answers what it is told to, and remembers what came."""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Came:
    """One message as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


@dataclass
class Receiver:
    """`answers` are given one after the other, then 204; each is a status, or a status with headers and a body."""

    url: str
    came: list[Came] = field(default_factory=list)
    answers: deque[tuple[int, dict[str, str], bytes]] = field(default_factory=deque)
    waits: Callable[[], object] = lambda: None
    bell: threading.Condition = field(default_factory=threading.Condition)

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.answers.append((status, headers, body))

    def wait_for(self, count: int, seconds: float) -> list[Came]:
        """What came, once that is so many."""
        with self.bell:
            assert self.bell.wait_for(lambda: len(self.came) >= count, seconds), "messages did not come"
            return list(self.came)

    def take(self, message: Came) -> tuple[int, dict[str, str], bytes]:
        with self.bell:
            self.came.append(message)
            self.bell.notify_all()
            return self.answers.popleft() if self.answers else (204, {}, b"")


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a free port of the loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            heads = {name.lower(): value for name, value in self.headers.items()}
            status, headers, said = made.take(Came(self.path, heads, body))
            made.waits()
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(said))}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A sender that was cut off in the middle is no error of the receiver."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made = Receiver(f"http://127.0.0.1:{server.server_address[1]}/hook")
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
