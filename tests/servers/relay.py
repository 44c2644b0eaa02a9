"""Connections carried over a Unix socket: the only way out of, or into, a network of one's own.

`python -m tests.servers.relay DIRECTORY PORT…` carries what connects to `DIRECTORY/PORT` to that port of loopback, and
says so on a line of its own when it does.
"""

import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

_CHUNK = 1 << 16


def from_socket_to_port(path: Path, port: int) -> None:
    """Carry what connects to the Unix socket to a port of loopback, in threads of the background."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    path.chmod(0o666)
    server.listen()
    _serve(server, lambda: socket.create_connection(("127.0.0.1", port)))


def from_port_to_socket(port: int, path: Path) -> None:
    """Carry what connects to a port of loopback to the Unix socket, in threads of the background."""

    def connect() -> socket.socket:
        other = socket.socket(socket.AF_UNIX)
        other.connect(str(path))
        return other

    _serve(socket.create_server(("127.0.0.1", port)), connect)


def _serve(server: socket.socket, connect: Callable[[], socket.socket]) -> None:
    def accept() -> None:
        while True:
            here, _ = server.accept()
            there = connect()
            for source, target in ((here, there), (there, here)):
                threading.Thread(target=_pump, args=(source, target), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(_CHUNK):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        target.close()
        source.close()


def main() -> None:
    """Until standard input ends."""
    directory, *ports = sys.argv[1:]
    for port in ports:
        from_socket_to_port(Path(directory) / port, int(port))
    sys.stdout.write("carrying\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
