"""Ports of loopback for servers under test: one that was given out stays its process's until that ends."""

import fcntl
import random
import socket
from functools import cache
from typing import IO

from tests.servers.workspace import ServerError, shared_directory

_PORTS = range(20_000, 32_000)
"""Below the range of outgoing connections: one of these could take the port before its server binds it."""
_given: set[int] = set()


def free_port(among: range = _PORTS) -> int:
    """A port that nobody listens on and that no process of these tests has been given. ServerError if there is none."""
    for port in random.SystemRandom().sample(among, len(among)):
        if port not in _given and _reserve(port):
            _given.add(port)
            if _binds(port):
                return port
    raise ServerError(f"no free TCP port between {among.start} and {among.stop} on 127.0.0.1")


def listening(port: int) -> bool:
    """Whether something accepts connections on this port of loopback."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _reserve(port: int) -> bool:
    """Lock the port's byte of the shared file; the lock goes with the process, however that ends."""
    try:
        fcntl.lockf(_reservations(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError:
        return False
    return True


@cache
def _reservations() -> IO[bytes]:
    return (shared_directory() / ".ports").open("ab")


def _binds(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
